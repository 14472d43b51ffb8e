// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/server_process.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <condition_variable>

#include "sallyport/admin/process_operations.h"
#include "sallyport/async/worker_set.h"
#include "sallyport/base/log.h"
#include "sallyport/config/listen_address.h"
#include "sallyport/store/record_event.h"

namespace sallyport::cli {
namespace {

// Below what a caller of the control socket waits.
constexpr std::chrono::seconds kTakeOverLimit{25};
constexpr Duration kAdminDrain{1'000};

// Each client and each request to an upstream needs one; the soft limit of most shells is 1024. Nothing here uses select().
void RaiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

ServerProcess::ServerProcess(std::shared_ptr<const config::Config> config, std::string file, std::vector<std::string> command)
    : config_(std::move(config)), command_(std::move(command)), file_(std::move(file)) {}

ServerProcess::~ServerProcess() = default;

Result<void> ServerProcess::Start() {
  RaiseDescriptorLimit();
  SALLYPORT_TRY(predecessor_, admin::Predecessor::FromEnvironment());
  admin::Estate estate;
  if (predecessor_) estate = predecessor_->TakeEstate();
  std::unique_ptr<store::StoreLock> lock;
  if (estate.store_lock >= 0) {
    SALLYPORT_TRY(lock, store::AdoptStoreLock(config_->sqlite_path, std::exchange(estate.store_lock, -1)));
  }
  SALLYPORT_TRY(app_, gateway::App::Create(config_, std::move(lock)));
  if (const auto& tcp = config_->gateway.admin.tcp) admin_ = std::make_unique<AdminServer>(*app_, *tcp);
  reloader_ = std::make_unique<gateway::Reloader>(*app_, file_, config::ProcessEnvironment());
  SALLYPORT_CHECK(Listen(estate));
  if (predecessor_) {
    shares_ = true;
    predecessor_->SayReady([this] {
      app_->ShareStore(false);
      shares_ = false;
      log::Info("the former process has ended");
    });
  }
  notifier_.Ready(Status());
  notifier_.FeedWatchdog([this](std::chrono::milliseconds limit) { return WorkersAnswer(limit); });
  return {};
}

Result<void> ServerProcess::Listen(admin::Estate& estate) {
  admin::AdminSources sources;
  sources.services = [this] { return app_->services(); };
  sources.process_operations["reload"] = [this](const std::string& caller) { return admin::ReloadAnswer(Reload(caller)); };
  sources.process_operations["upgrade"] = [this](const std::string& caller) { return Upgrade(caller); };
  const std::string& path = config_->gateway.admin.socket_path;
  if (estate.control >= 0) {
    if (net::AddressOf(estate.control).unix_path != path) {
      return Fail(std::make_error_code(std::errc::invalid_argument), "admin_socket has changed; restart instead");
    }
    SALLYPORT_TRY(control_, admin::AdminSocket::TakeOver(std::exchange(estate.control, -1), path, std::move(sources)));
  } else {
    SALLYPORT_TRY(control_, admin::AdminSocket::Listen(path, std::move(sources)));
  }
  net::InheritedListeners inherited =
      predecessor_ ? net::InheritedListeners(std::exchange(estate.listeners, {})) : net::ListenersFromEnvironment();
  SALLYPORT_CHECK(app_->Start(inherited));
  if (admin_) SALLYPORT_CHECK(admin_->Start(inherited));
  for (const auto& address : inherited.left()) {
    log::Warn("a socket was handed over that no setting wants; it is closed", {{"address", config::ToString(address)}});
  }
  return {};
}

void ServerProcess::Run() {
  gateway::App::SignalActions actions;
  actions.on_hangup = [this] { Reload("SIGHUP"); };
  actions.on_upgrade = [this] { Upgrade("SIGUSR2"); };
  actions.on_stop = [this] {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    if (!successor_) return notifier_.Stopping();
    // The successor answers on the same sockets, and the manager watches it by now.
    if (admin_) admin_->DrainAfterHandOver(kAdminDrain);
  };
  app_->RunUntilSignal(actions);
}

gateway::ReloadReport ServerProcess::Reload(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  if (stopping_) {
    gateway::ReloadReport refused;
    refused.problems = {{"", 0, "", "the server is stopping", ""}};
    return refused;
  }
  notifier_.Reloading();
  auto report = reloader_->Reload(caller);
  notifier_.Ready(Status());
  return report;
}

json::object ServerProcess::Upgrade(const std::string& caller) {
  const std::lock_guard lock(mutex_);
  if (stopping_ && !successor_) return admin::Refused("stopping", "The server is stopping.");
  if (successor_) return admin::Refused("handed_over", "This process has handed over already.", "ask again: the new process answers");
  if (shares_) {
    return admin::Refused("still_taking_over", "The process that this one took over from still answers its last requests.",
                          "try again when it has ended, after drain_limit at the latest");
  }
  log::Info("handing over to a new process", {{"caller", caller}});
  admin::Estate estate{app_->store_lock(), control_->listener(), app_->listeners()};
  if (admin_) {
    for (const int fd : admin_->listeners()) estate.listeners.push_back(fd);
  }
  // From before the new process may change anything.
  app_->ShareStore(true);
  auto successor = admin::Successor::Start(command_, estate, kTakeOverLimit);
  const auto services = app_->services();
  model::AuditEvent event;
  event.event = "server.upgrade";
  event.outcome = successor ? "success" : "failure";
  event.reason = successor ? "" : "not_taken_over";
  event.actor = "admin";
  event.detail_json = json::serialize(json::object{{"caller", caller}});
  store::RecordEvent(services->store.audit(), services->clock, std::move(event));
  if (!successor) {
    app_->ShareStore(false);
    log::Error("handing over failed; this process goes on", {{"error", successor.error().detail}});
    return admin::Refused("not_taken_over", "The new process did not take over; this one goes on.", successor.error().detail);
  }
  successor_ = std::make_unique<admin::Successor>(*std::move(successor));
  notifier_.HandedOver(successor_->pid());
  control_->LetGo();
  app_->HandOver();
  return admin::Done({{"pid", successor_->pid()}, {"former_pid", ::getpid()}});
}

bool ServerProcess::WorkersAnswer(std::chrono::milliseconds limit) const {
  struct Roll {
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t missing;
  };
  const auto services = app_->services();
  auto roll = std::make_shared<Roll>();
  roll->missing = services->workers.size();
  for (std::size_t i = 0; i < services->workers.size(); ++i) {
    services->workers.Post(i, [roll] {
      const std::lock_guard lock(roll->mutex);
      if (--roll->missing == 0) roll->changed.notify_all();
    });
  }
  std::unique_lock lock(roll->mutex);
  return roll->changed.wait_for(lock, limit, [&] { return roll->missing == 0; });
}

std::string ServerProcess::Status() const { return fmt::format("Serving {}", config_->gateway.public_url.ToString()); }

}  // namespace sallyport::cli
