// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/server.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <vector>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/base/log.h"
#include "sallyport/base/metrics.h"
#include "sallyport/net/http1/connection.h"
#include "sallyport/net/listener.h"

namespace sallyport::net {
namespace {

constexpr Duration kAcceptPause{100};
constexpr int kMostAtOnce = 64;
constexpr std::size_t kLeftToTrim = 1'000;
constexpr Duration kTrimPause{5'000};
constexpr Duration kUnwind{5'000};

// Connections of the process, and whoever waits for the last one to go.
struct Census {
  std::atomic<std::size_t> count = 0;
  std::mutex mutex;
  std::condition_variable changed;

  void Leave() {
    if (count.fetch_sub(1) != 1) return;
    const std::lock_guard lock(mutex);
    changed.notify_all();
  }
  bool WaitForNone(std::chrono::steady_clock::time_point until) {
    std::unique_lock lock(mutex);
    return changed.wait_until(lock, until, [this] { return count == 0; });
  }
};

enum class FrontCounter : std::uint8_t { kAccepted, kTurnedAway };

class Front;

// A socket that is listened on by one worker. Told again as long as somebody waits; a pause ends that for a while.
class Listening final : public async::PollTarget {
 public:
  Listening(Front& front, int fd) : front_(front), fd_(fd), loop_(async::Loop::Current()) { Resume(); }
  ~Listening() override { Close(); }

  int fd() const { return fd_; }
  void OnReady(std::uint32_t) override;
  void OnLoopGone() override { loop_ = nullptr; }

 private:
  void Resume() {
    if (loop_ != nullptr) watched_ = loop_->Watch(fd_, EPOLLIN, *this);
    if (!watched_) log::Error("a listening socket cannot be watched", {{"reason", std::strerror(errno)}});
  }
  void Unwatch() {
    if (loop_ != nullptr && std::exchange(watched_, false)) loop_->Unwatch(fd_, *this);
  }
  void Close() {
    Unwatch();
    ::close(fd_);
  }

  Front& front_;
  const int fd_;
  async::Loop* loop_;   // null when it has ended
  bool watched_ = false;
  async::Timer pause_;
};

// One worker's half of the server. Touched by that worker alone once the server has started.
class Front final : public ConnectionHost, public std::enable_shared_from_this<Front> {
 public:
  Front(std::shared_ptr<const ServerOptions> shared_options, std::shared_ptr<Census> census, Executor executor,
        ExchangeHandler& exchange_handler, const Clock& server_clock)
      : options_(std::move(shared_options)), census_(std::move(census)), executor_(std::move(executor)) {
    options = options_.get();
    clock = &server_clock;
    handler = &exchange_handler;
  }
  ~Front() override {
    if (spare_ >= 0) ::close(spare_);
  }

  void Listen(int fd) {
    if (spare_ < 0) spare_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    listeners_.push_back(std::make_unique<Listening>(*this, fd));
  }

  void Left(Http1Connection& connection) override {
    (connection.previous != nullptr ? connection.previous->next : first_) = connection.next;
    if (connection.next != nullptr) connection.next->previous = connection.previous;
    connection.next = connection.previous = nullptr;
    census_->Leave();
    if (++left_ >= kLeftToTrim && !std::exchange(trim_due_, true)) async::Spawn(executor_, TrimLater(shared_from_this()), "trim");
  }

  void Use(std::shared_ptr<const ServerOptions> next) {
    options_ = std::move(next);
    options = options_.get();
  }

  void CloseListeners() { listeners_.clear(); }

  void Drain(bool handed_over) {
    for (auto& listener : listeners_) {
      // Who is in the queue has been told by the kernel that the connection stands: serve those still.
      while (AcceptOne(listener->fd()) == Acceptance::kTaken) {
      }
    }
    CloseListeners();
    draining = true;
    lingering = handed_over;
    if (!handed_over) ForEach([](Http1Connection& connection) { connection.Drain(); });
  }

  enum class Acceptance : std::uint8_t { kTaken, kNobody, kPause };

  // kPause: nobody can be taken at present.
  Acceptance AcceptOne(int listener) {
    auto accepted = AcceptFrom(listener);
    if (accepted.fd >= 0) {
      Welcome(std::move(accepted));
      return Acceptance::kTaken;
    }
    if (accepted.error == ECONNABORTED || accepted.error == EINTR || accepted.error == EPROTO) return Acceptance::kTaken;
    if (accepted.error == EAGAIN) return Acceptance::kNobody;
    TurnAwayWithoutDescriptors(listener, accepted.error);
    return Acceptance::kPause;
  }

  void AddTo(Server::Counts& counts) const {
    counts.accepted += counters_.Get(FrontCounter::kAccepted);
    counts.turned_away += counters_.Get(FrontCounter::kTurnedAway);
  }

  void AbortAll() {
    ForEach([](Http1Connection& connection) { connection.Abort(AbortReason::kShutdown); });
  }

 private:
  template <class F>
  void ForEach(F apply) {
    for (Http1Connection* at = first_; at != nullptr;) {
      Http1Connection* const following = at->next;
      apply(*at);
      at = following;
    }
  }

  // What thousands of connections held lies in small pieces between what is still in use; the allocator gives whole pages of
  // it back only when it is told to.
  static Coroutine<void> TrimLater(std::shared_ptr<Front> self) {
    co_await async::Sleep(kTrimPause);
    self->left_ = 0;
    self->trim_due_ = false;
    ::malloc_trim(0);
  }

  // The spare descriptor lets the one in front be closed instead of being left to time out.
  void TurnAwayWithoutDescriptors(int listener, int error) {
    log::Warn("cannot accept a connection", {{"reason", std::strerror(error)}});
    if (spare_ < 0) return;
    ::close(spare_);
    if (const auto refused = AcceptFrom(listener); refused.fd >= 0) {
      counters_.Add(FrontCounter::kTurnedAway);
      ::close(refused.fd);
    }
    spare_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }

  void Welcome(Accepted accepted) {
    Socket socket(accepted.fd);
    if (census_->count.fetch_add(1) >= options->max_connections) {
      census_->Leave();
      counters_.Add(FrontCounter::kTurnedAway);
      return TurnAway(socket);
    }
    counters_.Add(FrontCounter::kAccepted);
    auto connection = std::make_shared<Http1Connection>(*this, std::move(socket), std::move(accepted.address), accepted.port);
    connection->next = first_;
    if (first_ != nullptr) first_->previous = connection.get();
    first_ = connection.get();
    async::Spawn(executor_, Serve(shared_from_this(), std::move(connection)), "connection");
  }

  static Coroutine<void> Serve(std::shared_ptr<Front>, std::shared_ptr<Http1Connection> connection) {
    // An exception must not leave the connection in the list: a handler's bug ends its own connection only.
    try {
      co_await Http1Connection::Run(connection);
    } catch (const std::exception& e) {
      log::Error("a connection ended by an exception", {{"exception", e.what()}});
      connection->Abort(AbortReason::kError);
      static_cast<Front&>(connection->host()).Left(*connection);
    }
  }

  // One write and one read: cheap, and enough for the answer to arrive when the request was there.
  void TurnAway(Socket& socket) {
    const std::string answer = handler->AnswerToUnreadable(Error(Errc::kStopped));
    const iovec part{const_cast<char*>(answer.data()), answer.size()};
    (void)socket.TryWrite({&part, 1});
    socket.ShutdownWrite();
    std::array<char, 4096> rest;
    (void)::recv(socket.fd(), rest.data(), rest.size(), MSG_DONTWAIT);
  }

  std::shared_ptr<const ServerOptions> options_;
  const std::shared_ptr<Census> census_;
  const Executor executor_;
  std::vector<std::unique_ptr<Listening>> listeners_;
  CounterSet<FrontCounter, 2> counters_;
  Http1Connection* first_ = nullptr;
  std::size_t left_ = 0;      // since the last trim
  bool trim_due_ = false;
  int spare_ = -1;
};

// A few at a time, so that those who are connected have their turn too.
void Listening::OnReady(std::uint32_t) {
  for (int taken = 0; taken < kMostAtOnce; ++taken) {
    const auto acceptance = front_.AcceptOne(fd_);
    if (acceptance == Front::Acceptance::kNobody) return;
    if (acceptance == Front::Acceptance::kTaken) continue;
    Unwatch();   // never a spin
    return pause_.Start(kAcceptPause, [this] { Resume(); });
  }
}

}  // namespace

struct Server::State {
  std::shared_ptr<const ServerOptions> options;
  async::WorkerSet& workers;
  std::shared_ptr<Census> census = std::make_shared<Census>();
  std::vector<std::shared_ptr<Front>> fronts;
  std::vector<std::uint16_t> ports;
  std::vector<int> listening;   // the workers' own; open until Drain
  bool started = false;
  bool stopped = false;

  void Drain(Duration limit, bool handed_over);

  // Each worker has at least one; when there are fewer sockets than workers, several accept from one.
  void Share(const std::vector<int>& inherited, std::vector<std::vector<int>>& bound) {
    for (std::size_t i = 0; i < std::max(inherited.size(), workers.size()); ++i) {
      const int fd = inherited[i % inherited.size()];
      bound[i % workers.size()].push_back(i < inherited.size() ? fd : ::fcntl(fd, F_DUPFD_CLOEXEC, 0));
    }
    ports.push_back(AddressOf(inherited.front()).port);
  }

  // Every worker's descriptors for every address; closed here when one cannot be had.
  Result<std::vector<std::vector<int>>> Bind(InheritedListeners& inherited) {
    std::vector<std::vector<int>> bound(workers.size());
    for (const auto& address : options->listen) {
      if (const auto taken = inherited.Take(address); !taken.empty()) {
        Share(taken, bound);
        continue;
      }
      std::uint16_t port = address.port;
      auto free = CheckFree(address);
      for (std::size_t worker = 0; free && worker < (address.unix_path.empty() ? workers.size() : 1); ++worker) {
        auto one = ListenOn(address, port);
        if (!one) {
          free = std::unexpected(std::move(one).error());
          break;
        }
        bound[worker].push_back(one->fd);
        port = one->port;
      }
      if (!free) {
        for (const auto& fds : bound)
          for (const int fd : fds) ::close(fd);
        return std::unexpected(std::move(free).error());
      }
      ports.push_back(port);
    }
    return bound;
  }
};

Server::Server(const ServerOptions& options, async::WorkerSet& workers,
               std::function<ExchangeHandler&(std::size_t)> handler_of, const Clock& clock)
    : state_(new State{std::make_shared<const ServerOptions>(options), workers}) {
  for (std::size_t i = 0; i < workers.size(); ++i) {
    state_->fronts.push_back(
        std::make_shared<Front>(state_->options, state_->census, workers.executor(i), handler_of(i), clock));
  }
}

Server::~Server() { Drain(Duration(0)); }

Result<void> Server::Start(InheritedListeners& inherited) {
  SALLYPORT_TRY(const auto bound, state_->Bind(inherited));
  state_->started = true;
  for (const auto& fds : bound) state_->listening.insert(state_->listening.end(), fds.begin(), fds.end());
  state_->workers.OnAllBlocking([&](std::size_t i) {
    for (const int fd : bound[i]) state_->fronts[i]->Listen(fd);
  });
  return {};
}

void Server::SetOptions(const ServerOptions& options) {
  auto next = std::make_shared<ServerOptions>(options);
  next->listen = state_->options->listen;
  state_->options = next;
  state_->workers.OnAllBlocking([&](std::size_t i) { state_->fronts[i]->Use(next); });
}

std::uint16_t Server::port(std::size_t i) const { return state_->ports.at(i); }

void Server::Drain(Duration limit) { state_->Drain(limit, false); }
void Server::DrainAfterHandOver(Duration limit) { state_->Drain(limit, true); }

void Server::State::Drain(Duration limit, bool handed_over) {
  if (!started || std::exchange(stopped, true)) return;
  const auto until = std::chrono::steady_clock::now() + limit;
  const bool running = workers.running();
  workers.OnAllBlocking([this, running, handed_over](std::size_t i) {
    running ? fronts[i]->Drain(handed_over) : fronts[i]->CloseListeners();
  });
  for (const auto& address : options->listen) {
    if (!address.unix_path.empty() && !handed_over) ::unlink(address.unix_path.c_str());
  }
  // Without workers nothing moves any more: connections end with the workers' contexts.
  if (!running || census->WaitForNone(until)) return;
  workers.OnAllBlocking([this](std::size_t i) { fronts[i]->AbortAll(); });
  if (!census->WaitForNone(std::chrono::steady_clock::now() + kUnwind)) {
    log::Warn("connections are still held by their handlers", {{"connections", census->count.load()}});
  }
}

std::vector<int> Server::listeners() const { return state_->listening; }

std::size_t Server::connections() const { return state_->census->count; }

Server::Counts Server::counts() const {
  Counts counts;
  for (const auto& front : state_->fronts) front->AddTo(counts);
  return counts;
}

}  // namespace sallyport::net
