// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/reloader.h"

#include <fmt/ranges.h>

#include "sallyport/base/json.h"
#include "sallyport/base/log.h"
#include "sallyport/gateway/needs_restart.h"
#include "sallyport/store/record_event.h"
#include "sallyport/store/store.h"

namespace sallyport::gateway {

Reloader::Reloader(App& app, std::string file, config::Environment environment)
    : app_(app), file_(std::move(file)), environment_(std::move(environment)) {}

ReloadReport Reloader::Apply() {
  ReloadReport report;
  if (file_.empty()) {
    report.problems = {{"", 0, "", "this server runs without a configuration file", "start it with `sallyport serve --config FILE`"}};
    return report;
  }
  auto loaded = config::LoadFile(file_, environment_);
  if (!loaded) {
    report.problems = std::move(loaded).error();
    return report;
  }
  report.needs_restart = KeepWhatNeedsRestart(*app_.config(), **loaded);
  report.warnings = (*loaded)->warnings;
  if (const auto used = app_.Use(*std::move(loaded)); !used) report.problems = {{"", 0, "signin.provider", used.error().ToLogString(), "give its key as PEM, without a passphrase"}};
  return report;
}

ReloadReport Reloader::Reload(std::string_view caller) {
  const std::lock_guard lock(mutex_);
  ReloadReport report = Apply();
  const bool applied = report.problems.empty();
  app_.CountReload(applied);
  for (const config::Problem& problem : report.problems) log::Error("the new configuration was refused", {{"problem", problem.ToString()}});
  if (applied) log::Info("the new configuration is in use", {{"needs_restart", fmt::format("{}", fmt::join(report.needs_restart, ", "))}});
  for (const std::string& warning : report.warnings) log::Warn("configuration", {{"warning", warning}});

  const auto services = app_.services();
  model::AuditEvent event;
  event.event = "config.reload";
  event.outcome = applied ? "success" : "failure";
  event.reason = applied ? "" : "bad_configuration";
  event.actor = "admin";
  event.detail_json = json::serialize(json::object{{"caller", caller}});
  store::RecordEvent(services->store.audit(), services->clock, std::move(event));
  return report;
}

}  // namespace sallyport::gateway
