// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/curl_driver.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>

#include "sallyport/async/completion.h"
#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/net/errc.h"

namespace sallyport::net {
namespace {

void InitialiseOnce() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

bool IsPublic(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return !http::IpAddress::FromV4(ntohl(v4.sin_addr.s_addr)).is_private();
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return !http::IpAddress::FromV6(bytes).is_private();
  }
  return false;
}

struct Running {
  std::shared_ptr<CurlTransfer> transfer;
  async::Promise<CURLcode> promise;
};

}  // namespace

CurlTransfer::CurlTransfer() {
  InitialiseOnce();
  easy_ = curl_easy_init();
  if (!easy_) throw std::bad_alloc();
  curl_easy_setopt(easy_, CURLOPT_ERRORBUFFER, error_);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_PROXY, "");
  curl_easy_setopt(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy_, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy_, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  // Without this a time-out during name resolution waits for the resolver's thread, and the worker with it.
  curl_easy_setopt(easy_, CURLOPT_QUICK_EXIT, 1L);
}

CurlTransfer::~CurlTransfer() { curl_easy_cleanup(easy_); }

std::string CurlTransfer::Explain(CURLcode code) const { return error_[0] ? error_ : curl_easy_strerror(code); }

void CurlTransfer::AddLine(curl_slist*& list, const std::string& line) {
  auto* longer = curl_slist_append(list, line.c_str());
  if (!longer) throw std::bad_alloc();
  list = longer;
}

// Takes the place of the system's bundle only: its folder of authorities (CAPATH) stays.
void CurlTransfer::TrustAlso(const std::string& ca_file) {
  if (!ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, ca_file.c_str());
}

struct CurlDriver::State : std::enable_shared_from_this<State> {
  explicit State(Reach r) : reach(r) {
    InitialiseOnce();
    multi = curl_multi_init();
    if (!multi) throw std::bad_alloc();
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, &State::OnSocket);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, &State::OnTimer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 32L);
  }

  ~State() { Close(); }

  void Close() {
    if (!multi) return;
    timer.Cancel();
    // Taken away first: libcurl asks for a timer while handles are removed, and there may be no loop to start one on.
    CURLM* const closing = std::exchange(multi, nullptr);
    for (auto& [easy, running_transfer] : running) curl_multi_remove_handle(closing, easy);
    running.clear();
    curl_multi_cleanup(closing);
    watches.clear();
  }

  static curl_socket_t OpenSocket(void* context, curlsocktype, curl_sockaddr* address) {
    auto* refused = static_cast<bool*>(context);
    if (refused && !IsPublic(address->addr)) {
      *refused = true;
      return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, address->protocol);
  }

  // libcurl owns the socket; this only watches it, for as long as libcurl says (it closes sockets after CURL_POLL_REMOVE).
  class Watch final : public async::PollTarget, public std::enable_shared_from_this<Watch> {
   public:
    Watch(State& state, curl_socket_t socket) : state_(state), socket_(socket), loop_(async::Loop::Current()) {}
    ~Watch() override { End(); }

    bool Want(int what) {
      if (loop_ == nullptr) return false;
      const std::uint32_t events = ((what & CURL_POLL_IN) != 0 ? std::uint32_t{EPOLLIN} : 0U) | ((what & CURL_POLL_OUT) != 0 ? std::uint32_t{EPOLLOUT} : 0U);
      if (watched_) return loop_->Rewatch(socket_, events, *this);
      return watched_ = loop_->Watch(socket_, events, *this);
    }
    void End() {
      if (loop_ != nullptr && std::exchange(watched_, false)) loop_->Unwatch(socket_, *this);
    }
    void OnReady(std::uint32_t events) override {
      const auto keep = shared_from_this();   // libcurl may end the watch meanwhile
      const auto driver = state_.shared_from_this();
      const int mask = ((events & (EPOLLIN | EPOLLHUP)) != 0 ? CURL_CSELECT_IN : 0) | ((events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                       ((events & EPOLLERR) != 0 ? CURL_CSELECT_ERR : 0);
      driver->Act(socket_, mask);
    }
    void OnLoopGone() override { loop_ = nullptr; }

   private:
    State& state_;
    const curl_socket_t socket_;
    async::Loop* loop_;   // null when it has ended
    bool watched_ = false;
  };

  static int OnSocket(CURL*, curl_socket_t socket, int what, void* context, void*) {
    auto& self = *static_cast<State*>(context);
    if (what == CURL_POLL_REMOVE) {
      // The watch may be in use further up the stack; only the socket leaves at once.
      if (auto node = self.watches.extract(socket)) node.mapped()->End();
      return 0;
    }
    auto& watch = self.watches[socket];
    if (!watch) watch = std::make_shared<Watch>(self, socket);
    if (watch->Want(what)) return 0;
    self.watches.erase(socket);
    return -1;
  }

  static int OnTimer(CURLM*, long milliseconds, void* context) {
    auto& self = *static_cast<State*>(context);
    self.timer.Cancel();
    if (milliseconds < 0 || !self.multi) return 0;
    self.timer.Start(Duration(milliseconds), [state = self.weak_from_this()] {
      if (const auto s = state.lock(); s && s->multi) s->Act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  void Act(curl_socket_t socket, int mask) {
    int still_running = 0;
    curl_multi_socket_action(multi, socket, mask, &still_running);
    int left = 0;
    while (auto* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      // The message does not survive the removal of its handle.
      const auto code = message->data.result;
      auto* easy = message->easy_handle;
      curl_multi_remove_handle(multi, easy);
      if (auto node = running.extract(easy)) node.mapped().promise.Set(code);
    }
  }

  const Reach reach;
  async::Timer timer;
  CURLM* multi = nullptr;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches;
  std::unordered_map<CURL*, Running> running;
};

CurlDriver::CurlDriver(Reach reach) : state_(std::make_shared<State>(reach)) {}

CurlDriver::~CurlDriver() { state_->Close(); }

Task<CURLcode> CurlDriver::Run(std::shared_ptr<CurlTransfer> transfer) {
  auto state = state_;
  if (!state->multi) co_return Fail(Errc::kStopped);
  auto* easy = transfer->easy();
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &State::OpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, state->reach == Reach::kPublicOnly ? &transfer->address_refused_ : nullptr);
  auto [promise, future] = async::MakeCompletion<CURLcode>(co_await async::CurrentExecutor());
  state->running.emplace(easy, Running{std::move(transfer), std::move(promise)});
  if (curl_multi_add_handle(state->multi, easy) != CURLM_OK) {
    state->running.erase(easy);
    co_return CURLE_FAILED_INIT;
  }
  auto result = co_await std::move(future).Wait();
  if (!result) co_return Fail(Errc::kStopped);
  co_return result;
}

}  // namespace sallyport::net
