// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/run_operation.h"

#include <fmt/format.h>

#include <unistd.h>

#include <thread>

#include "sallyport/admin/admin_client.h"
#include "sallyport/admin/operations.h"
#include "sallyport/cli/locate_config.h"
#include "sallyport/gateway/app.h"
#include "sallyport/store/store.h"

namespace sallyport::cli {
namespace {

using SharedConfig = std::shared_ptr<const config::Config>;

Result<json::object> RunHere(const SharedConfig& config, const std::string& operation, const json::object& arguments) {
  SALLYPORT_TRY(auto offline, gateway::OfflineServices::Open(config));
  admin::Operations operations(offline->services());
  const std::function<Task<json::object>(gateway::Services&)> work = [&](gateway::Services&) -> Task<json::object> {
    co_return co_await operations.Run(operation, arguments, fmt::format("uid {}", ::getuid()));
  };
  return offline->RunBlocking(work);
}

// A server that has just taken the lock makes its socket a moment later.
Result<json::object> RunThere(const SharedConfig& config, const std::string& operation, const json::object& arguments) {
  const auto& path = config->gateway.admin.socket_path;
  for (int tries = 20;; --tries) {
    auto answer = admin::CallServer(path, operation, arguments);
    const bool not_there = !answer && (answer.error().code == std::errc::no_such_file_or_directory ||
                                       answer.error().code == std::errc::connection_refused);
    if (!not_there || tries == 0) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

}  // namespace

Result<json::object> AskOperation(const SharedConfig& config, const std::string& operation, const json::object& arguments) {
  SALLYPORT_TRY(auto lock, store::TryLockSqliteStore(config->sqlite_path));
  if (!lock) return RunThere(config, operation, arguments);
  lock.reset();
  return RunHere(config, operation, arguments);
}

int RunOperation(Context& context, const std::string& operation, json::object arguments,
                 const std::function<void(Output&, const json::object& result)>& print) {
  auto output = context.output();
  const auto config = LoadForCommand(context);
  if (!config) return output.Problems(config.error());
  const auto answer = AskOperation(*config, operation, arguments);
  if (!answer) return output.Error(kFailed, "failed", Printable(answer.error().detail, 1000), "nothing was changed");
  if (const auto* error = answer->if_contains("error"); error && error->is_object()) {
    const auto& e = error->get_object();
    return output.Error(kFailed, GetString(e, "code").value_or("failed"), GetString(e, "message").value_or("The operation failed."),
                        GetString(e, "hint").value_or(""));
  }
  const auto* result = answer->if_contains("result");
  if (!result || !result->is_object()) return output.Error(kFailed, "failed", "The server's answer is not understood.");
  if (context.json) {
    output.Json(*result);
  } else {
    print(output, result->get_object());
  }
  return kFine;
}

}  // namespace sallyport::cli
