// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/process_operations.h"

namespace sallyport::admin {
namespace {

json::array ListOf(const std::vector<std::string>& texts) { return json::array(texts.begin(), texts.end()); }

}  // namespace

json::object ReloadAnswer(const gateway::ReloadReport& report) {
  if (report.problems.empty()) return Done({{"needs_restart", ListOf(report.needs_restart)}, {"warnings", ListOf(report.warnings)}});
  json::object refused = Refused("bad_configuration", "The configuration has problems.", "the server goes on with the one that it has");
  json::array problems;
  for (const auto& problem : report.problems) {
    problems.push_back(json::object{
        {"file", problem.file}, {"line", problem.line}, {"key", problem.key}, {"message", problem.message}, {"hint", problem.hint}});
  }
  refused["error"].as_object()["problems"] = std::move(problems);
  return refused;
}

}  // namespace sallyport::admin
