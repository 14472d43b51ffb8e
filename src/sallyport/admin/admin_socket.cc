// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/admin_socket.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <thread>

#include "sallyport/admin/operations.h"
#include "sallyport/admin/unix_socket.h"
#include "sallyport/async/spawn.h"
#include "sallyport/async/worker_set.h"
#include "sallyport/base/log.h"

namespace sallyport::admin {
namespace {

using Promise = std::promise<json::object>;

// Holds the services by itself: the coroutine may outlive the socket, and a reload may replace them meanwhile.
Coroutine<void> RunInto(std::shared_ptr<gateway::Services> services, std::string name, json::object arguments,
                                     std::string caller, std::shared_ptr<Promise> promise) {
  Operations operations(*services);
  promise->set_value(co_await operations.Run(std::move(name), std::move(arguments), std::move(caller)));
}

}  // namespace

struct AdminSocket::State {
  std::string path;
  AdminSources sources;
  Descriptor listener, wake;
  std::atomic<bool> stop = false, let_go = false;
  std::thread thread;

  void Loop();
  void Serve(const Descriptor& client);
  json::object Answer(const std::string& line, unsigned uid);
  json::object RunOnWorker(std::string name, json::object arguments, std::string caller);
};

AdminSocket::AdminSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}

AdminSocket::~AdminSocket() {
  state_->stop = true;
  const std::uint64_t one = 1;
  // The descriptor is ours and its counter cannot overflow.
  [[maybe_unused]] const auto written = ::write(state_->wake.get(), &one, sizeof(one));
  state_->thread.join();
  if (!state_->let_go) ::unlink(state_->path.c_str());
}

Result<std::unique_ptr<AdminSocket>> AdminSocket::Listen(std::string path, AdminSources sources) {
  SALLYPORT_TRY(auto listener, ListenUnix(path));
  return Make(std::move(listener), std::move(path), std::move(sources));
}

Result<std::unique_ptr<AdminSocket>> AdminSocket::TakeOver(int listener, std::string path, AdminSources sources) {
  return Make(Descriptor(listener), std::move(path), std::move(sources));
}

int AdminSocket::listener() const { return state_->listener.get(); }

void AdminSocket::LetGo() { state_->let_go = true; }

Result<std::unique_ptr<AdminSocket>> AdminSocket::Make(Descriptor listener, std::string path, AdminSources sources) {
  Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake) return Fail(std::make_error_code(std::errc::too_many_files_open), "cannot make an eventfd");
  std::unique_ptr<State> state(new State{.path = std::move(path),
                                         .sources = std::move(sources),
                                         .listener = std::move(listener),
                                         .wake = std::move(wake)});
  state->thread = std::thread([raw = state.get()] { raw->Loop(); });
  return std::unique_ptr<AdminSocket>(new AdminSocket(std::move(state)));
}

void AdminSocket::State::Loop() {
  pthread_setname_np(pthread_self(), "admin-socket");
  while (!stop && !let_go) {
    pollfd entries[] = {{listener.get(), POLLIN, 0}, {wake.get(), POLLIN, 0}};
    if (::poll(entries, 2, -1) <= 0 || stop || let_go) continue;
    const Descriptor client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (client) Serve(client);
  }
}

void AdminSocket::State::Serve(const Descriptor& client) {
  const auto deadline = [] { return std::chrono::steady_clock::now() + kClientTimeout; };
  const auto uid = PeerUid(client.get());
  if (!uid || (*uid != ::geteuid() && *uid != 0)) {
    log::Warn("the control socket was called by another user", {{"uid", uid ? static_cast<std::int64_t>(*uid) : -1}});
    WriteAll(client.get(), json::serialize(Refused("forbidden", "Only the server's own user and root may do this.")) + "\n", deadline());
    return;
  }
  const auto line = ReadLine(client.get(), kMaxRequestBytes, deadline());
  const auto answer = line ? Answer(*line, *uid) : Refused("bad_request", "The request was no line, too long, or too slow.");
  WriteAll(client.get(), json::serialize(answer) + "\n", deadline());
}

json::object AdminSocket::State::Answer(const std::string& line, unsigned uid) {
  auto request = ParseJsonObject(line);
  const auto name = request ? GetString(*request, "operation") : std::nullopt;
  const auto* arguments = request ? request->if_contains("arguments") : nullptr;
  if (!name || (arguments && !arguments->is_object())) return Refused("bad_request", "The request is not understood.");
  const std::string caller = fmt::format("uid {}", uid);
  if (const auto own = sources.process_operations.find(*name); own != sources.process_operations.end()) return own->second(caller);
  return RunOnWorker(std::string(*name), arguments ? arguments->get_object() : json::object(), caller);
}

json::object AdminSocket::State::RunOnWorker(std::string name, json::object arguments, std::string caller) {
  auto promise = std::make_shared<Promise>();
  auto future = promise->get_future();
  auto services = sources.services();
  const Executor executor = services->workers.executor(0);
  async::Spawn(executor,
               RunInto(std::move(services), std::move(name), std::move(arguments), std::move(caller), std::move(promise)), "admin operation");
  const auto deadline = std::chrono::steady_clock::now() + kOperationTimeout;
  while (future.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) {
    if (stop) return Refused("stopping", "The server is stopping.", "try again");
    if (std::chrono::steady_clock::now() > deadline) return Refused("timeout", "The server did not do it in time.", "look at its log");
  }
  try {
    return future.get();
  } catch (const std::exception& e) {
    log::Error("an admin operation threw", {{"what", e.what()}});
    return Refused("failed", "The operation failed.", "the log says more");
  }
}

}  // namespace sallyport::admin
