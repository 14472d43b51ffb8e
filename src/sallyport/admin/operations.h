// SPDX-License-Identifier: Apache-2.0
// What an operator can do, by name, on top of the services: JSON in, JSON out (outcome.h). The control socket and the command
// line run the same operations; a change takes effect on every worker before its answer.
//
//   user.add user.list user.disable user.enable user.password
//   session.list session.revoke      key.list key.rotate      audit.list      status
// Every change, and every refusal of one, is written to the audit log (S63).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/admin/outcome.h"
#include "sallyport/async/task.h"
#include "sallyport/gateway/services.h"

namespace sallyport::admin {

class Operations {
 public:
  explicit Operations(gateway::Services& services);
  ~Operations();

  // Runs on a worker. `caller` goes into the audit log: "uid 1000". Unknown names and wrong arguments are refusals, never
  // exceptions.
  Coroutine<json::object> Run(std::string name, json::object arguments, std::string caller);

  static std::vector<std::string_view> Names();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::admin
