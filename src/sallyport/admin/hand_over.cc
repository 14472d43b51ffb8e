// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/hand_over.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "sallyport/admin/descriptor_message.h"

extern char** environ;

namespace sallyport::admin {
namespace {

constexpr int kChannel = 3;                                         // in the new process
constexpr std::string_view kVariable = "SALLYPORT_TAKE_OVER";
constexpr std::chrono::seconds kEstateLimit{10};

std::unexpected<Error> Failed(std::string what) { return Fail(std::make_error_code(std::errc::io_error), std::move(what)); }

// Ours, less what was meant for this process alone.
std::vector<std::string> EnvironmentForSuccessor() {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    if (name == kVariable || name == "LISTEN_FDS" || name == "LISTEN_PID" || name == "LISTEN_FDNAMES" || name == "WATCHDOG_PID") continue;
    out.emplace_back(text);
  }
  out.push_back(fmt::format("{}={}", kVariable, kChannel));
  return out;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// A fresh process: no signal blocked or ignored by what this one has set up, and one descriptor more than the standard ones.
Result<pid_t> Spawn(std::vector<std::string> command, int channel) {
  std::vector<std::string> environment = EnvironmentForSuccessor();
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&actions, channel, kChannel);
  sigset_t none, defaults;
  ::sigemptyset(&none);
  ::sigemptyset(&defaults);
  ::sigaddset(&defaults, SIGPIPE);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  const int error = ::posix_spawnp(&pid, command.front().c_str(), &actions, &attributes, Pointers(command).data(), Pointers(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Failed(fmt::format("cannot start {}: {}", command.front(), std::strerror(error)));
  return pid;
}

bool SendEstate(int channel, const Estate& estate) {
  if (!SendDescriptors(channel, 'L', {&estate.store_lock, 1}) || !SendDescriptors(channel, 'C', {&estate.control, 1})) return false;
  std::span<const int> rest = estate.listeners;
  while (!rest.empty()) {
    const auto some = rest.first(std::min(rest.size(), kMaxDescriptors));
    if (!SendDescriptors(channel, 'S', some)) return false;
    rest = rest.subspan(some.size());
  }
  return SendDescriptors(channel, 'E', {});
}

std::string HowItEnded(pid_t pid) {
  ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return fmt::format("it ended with {}; its messages say why", WEXITSTATUS(status));
  return WTERMSIG(status) == SIGKILL ? "it was not ready in time and was ended" : fmt::format("signal {} ended it", WTERMSIG(status));
}

}  // namespace

Result<Successor> Successor::Start(const std::vector<std::string>& command, const Estate& estate, std::chrono::seconds limit) {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) return Failed("cannot make a socket pair");
  Descriptor ours(pair[0]);
  pid_t pid = -1;
  {
    const Descriptor theirs(pair[1]);
    SALLYPORT_TRY(pid, Spawn(command, theirs.get()));
  }
  if (SendEstate(ours.get(), estate)) {
    const auto answer = ReceiveDescriptors(ours.get(), std::chrono::steady_clock::now() + limit);
    if (answer && answer->tag == 'R') return Successor(pid, std::move(ours));
  }
  return Failed(fmt::format("the new process (pid {}) did not take over: {}", pid, HowItEnded(pid)));
}

Result<std::unique_ptr<Predecessor>> Predecessor::FromEnvironment() {
  const char* const value = std::getenv(kVariable.data());
  if (!value) return std::unique_ptr<Predecessor>();
  ::unsetenv(kVariable.data());
  std::unique_ptr<Predecessor> predecessor(new Predecessor(Descriptor(std::atoi(value))));
  ::fcntl(predecessor->channel_.get(), F_SETFD, FD_CLOEXEC);
  SALLYPORT_CHECK(predecessor->Receive());
  return predecessor;
}

Result<void> Predecessor::Receive() {
  const auto deadline = std::chrono::steady_clock::now() + kEstateLimit;
  for (;;) {
    const auto message = ReceiveDescriptors(channel_.get(), deadline);
    if (!message) return Failed(fmt::format("{} is set, but nobody hands over; unset it", kVariable));
    if (message->tag == 'E') break;
    for (const int fd : message->descriptors) {
      if (message->tag == 'L') estate_.store_lock = fd;
      if (message->tag == 'C') estate_.control = fd;
      if (message->tag == 'S') estate_.listeners.push_back(fd);
    }
  }
  if (estate_.store_lock < 0 || estate_.control < 0 || estate_.listeners.empty()) return Failed("not everything was handed over");
  return {};
}

void Predecessor::SayReady(std::function<void()> gone) {
  (void)SendDescriptors(channel_.get(), 'R', {});
  wake_ = Descriptor(::eventfd(0, EFD_CLOEXEC));
  watcher_ = std::thread([this, gone = std::move(gone)] {
    pollfd entries[] = {{channel_.get(), POLLIN, 0}, {wake_.get(), POLLIN, 0}};
    while (::poll(entries, 2, -1) < 0 && errno == EINTR) {
    }
    // Nothing else is ever said: what can be read is the end.
    if (entries[1].revents == 0) gone();
  });
}

Predecessor::~Predecessor() {
  for (const int fd : {estate_.store_lock, estate_.control}) {
    if (fd >= 0) ::close(fd);
  }
  for (const int fd : estate_.listeners) ::close(fd);
  if (!watcher_.joinable()) return;
  const std::uint64_t one = 1;
  // The descriptor is ours and its counter cannot overflow.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof(one));
  watcher_.join();
}

}  // namespace sallyport::admin
