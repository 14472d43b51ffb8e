// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/service_notifier.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

namespace sallyport::cli {
namespace {

std::optional<std::int64_t> NumberFrom(const char* name) {
  const char* const text = std::getenv(name);
  std::int64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), number);
  return error == std::errc() && *end == '\0' ? std::optional(number) : std::nullopt;
}

}  // namespace

struct ServiceNotifier::State {
  std::string path;
  std::chrono::microseconds watchdog{0};
  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false;
  std::thread feeder;

  void Send(std::string_view text) const {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path)) return;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (address.sun_path[0] == '@') address.sun_path[0] = '\0';   // an abstract name
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
    // A manager that does not listen is no reason to stop working.
    [[maybe_unused]] const auto sent =
        ::sendto(fd, text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address), size);
    ::close(fd);
  }
};

ServiceNotifier::ServiceNotifier() : state_(std::make_unique<State>()) {
  if (const char* path = std::getenv("NOTIFY_SOCKET"); path && (*path == '/' || *path == '@')) state_->path = path;
  const auto pid = NumberFrom("WATCHDOG_PID");
  if (!pid || *pid == ::getpid()) state_->watchdog = std::chrono::microseconds(NumberFrom("WATCHDOG_USEC").value_or(0));
}

ServiceNotifier::~ServiceNotifier() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_all();
  if (state_->feeder.joinable()) state_->feeder.join();
}

void ServiceNotifier::Ready(std::string_view status) { state_->Send(fmt::format("READY=1\nSTATUS={}", status)); }

void ServiceNotifier::Reloading() {
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  state_->Send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", now.count()));
}

void ServiceNotifier::Stopping() { state_->Send("STOPPING=1\nSTATUS=Requests in flight may finish."); }

void ServiceNotifier::HandedOver(pid_t successor) { state_->Send(fmt::format("MAINPID={}", successor)); }

void ServiceNotifier::FeedWatchdog(std::function<bool(std::chrono::milliseconds)> alive) {
  if (state_->path.empty() || state_->watchdog.count() <= 0) return;
  state_->feeder = std::thread([state = state_.get(), alive = std::move(alive)] {
    const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(state->watchdog / 2);
    std::unique_lock lock(state->mutex);
    while (!state->stop) {
      lock.unlock();
      if (alive(half)) state->Send("WATCHDOG=1");
      lock.lock();
      state->wake.wait_for(lock, half, [state] { return state->stop; });
    }
  });
}

}  // namespace sallyport::cli
