// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/operations.h"

#include <algorithm>

#include "sallyport/admin/operation_context.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/store/record_event.h"
#include "sallyport/store/store.h"

namespace sallyport::admin {
namespace {

struct Entry {
  std::string_view name;
  Operation run;
};

constexpr Entry kOperations[] = {
    {"user.add", AddUser},         {"user.list", ListUsers},         {"user.disable", DisableUser},
    {"user.enable", EnableUser},   {"user.password", SetUserPassword},
    {"user.groups", ChangeUserGroups},
    {"session.list", ListSessions}, {"session.revoke", RevokeSessions},
    {"key.list", ListKeys},        {"key.rotate", RotateKey},
    {"audit.list", ListAudit},     {"status", ShowStatus},
};

}  // namespace

std::string OperationContext::Text(std::string_view name) const { return std::string(GetString(arguments, name).value_or("")); }

std::size_t OperationContext::Limit(std::size_t fallback, std::size_t max) const {
  const auto limit = GetInteger(arguments, "limit").value_or(static_cast<std::int64_t>(fallback));
  return static_cast<std::size_t>(std::clamp<std::int64_t>(limit, 1, static_cast<std::int64_t>(max)));
}

std::vector<std::string> OperationContext::Texts(std::string_view name) const {
  std::vector<std::string> out;
  const auto* value = arguments.if_contains(name);
  if (!value || !value->is_array()) return out;
  for (const auto& item : value->get_array()) {
    if (item.is_string()) out.emplace_back(item.get_string());
  }
  return out;
}

Task<model::User> OperationContext::User() const {
  const auto text = Text("user");
  if (text.find('@') != std::string::npos) {
    const auto email = identity::CanonicalEmail(text);
    if (!email) co_return Fail(identity::Errc::kInvalidEmail);
    SALLYPORT_CO_TRY(auto found, co_await services.store.users().FindByEmail(*email));
    if (!found) co_return Fail(identity::Errc::kNoSuchUser);
    co_return std::move(found->user);
  }
  if (text.empty()) co_return Fail(identity::Errc::kNoSuchUser);
  SALLYPORT_CO_TRY(auto found, co_await services.store.users().FindById(text));
  if (!found) co_return Fail(identity::Errc::kNoSuchUser);
  co_return *std::move(found);
}

void OperationContext::Audit(std::string_view event, const json::object& outcome, std::string_view user_id,
                             std::string_view session_id) const {
  model::AuditEvent line;
  line.event = event;
  const auto* ok = outcome.if_contains("ok");
  line.outcome = ok && ok->is_bool() && ok->get_bool() ? "success" : "failure";
  if (const auto* error = outcome.if_contains("error"); error && error->is_object()) {
    line.reason = GetString(error->get_object(), "code").value_or("failed");
  }
  line.user_id = user_id;
  line.session_id = session_id;
  line.actor = "admin";
  line.detail_json = json::serialize(json::object{{"caller", caller}});
  store::RecordEvent(services.store.audit(), services.clock, std::move(line));
}

struct Operations::State {
  explicit State(gateway::Services& s)
      : services(s),
        users(s.store, s.hasher, {s.config.signin.password.min_length, s.config.gateway.pages.name}, s.clock, s.random) {}
  gateway::Services& services;
  identity::Users users;
};

Operations::Operations(gateway::Services& services) : state_(std::make_unique<State>(services)) {}
Operations::~Operations() = default;

Coroutine<json::object> Operations::Run(std::string name, json::object arguments, std::string caller) {
  for (const auto& operation : kOperations) {
    if (operation.name != name) continue;
    OperationContext context{state_->services, state_->users, arguments, caller};
    co_return co_await operation.run(context);
  }
  co_return Refused("unknown_operation", "This server does not know the operation.",
                    "the command line and the server should be of one version");
}

std::vector<std::string_view> Operations::Names() {
  std::vector<std::string_view> names;
  for (const auto& operation : kOperations) names.push_back(operation.name);
  return names;
}

}  // namespace sallyport::admin
