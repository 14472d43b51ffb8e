// SPDX-License-Identifier: Apache-2.0
// What one run of an operation has at hand. Lives as long as the run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/admin/outcome.h"
#include "sallyport/async/task.h"
#include "sallyport/base/secret.h"
#include "sallyport/gateway/services.h"
#include "sallyport/identity/users.h"
#include "sallyport/model/user.h"

namespace sallyport::admin {

struct OperationContext {
  gateway::Services& services;
  identity::Users& users;
  const json::object& arguments;
  const std::string& caller;

  // --- arguments; those of a wrong type count as missing (S44) ---
  std::string Text(std::string_view name) const;
  bool Has(std::string_view name) const { return arguments.contains(name); }
  std::size_t Limit(std::size_t fallback, std::size_t max) const;
  std::vector<std::string> Texts(std::string_view name) const;
  Secret TakeSecret(std::string_view name) const { return Secret(Text(name)); }

  // The user whose id or e-mail address the argument "user" is; kNoSuchUser.
  Task<model::User> User() const;

  // One event of the audit log, by store::RecordEvent.
  void Audit(std::string_view event, const json::object& outcome, std::string_view user_id, std::string_view session_id = {}) const;
};

using Operation = Coroutine<json::object> (*)(OperationContext&);

// user_operations.cc
Coroutine<json::object> AddUser(OperationContext& context);
Coroutine<json::object> ListUsers(OperationContext& context);
Coroutine<json::object> DisableUser(OperationContext& context);
Coroutine<json::object> EnableUser(OperationContext& context);
Coroutine<json::object> ChangeUserGroups(OperationContext& context);
Coroutine<json::object> SetUserPassword(OperationContext& context);
// session_operations.cc
Coroutine<json::object> ListSessions(OperationContext& context);
Coroutine<json::object> RevokeSessions(OperationContext& context);
// key_operations.cc
Coroutine<json::object> ListKeys(OperationContext& context);
Coroutine<json::object> RotateKey(OperationContext& context);
// audit_operations.cc
Coroutine<json::object> ListAudit(OperationContext& context);
Coroutine<json::object> ShowStatus(OperationContext& context);

}  // namespace sallyport::admin
