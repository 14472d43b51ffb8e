// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/curl_driver.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>

#include "sallyport/async/completion.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/net/errc.h"

namespace sallyport::net {
namespace {

namespace asio = boost::asio;

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

// libcurl owns the socket; the descriptor only watches it.
struct Watch {
  explicit Watch(const Executor& executor) : descriptor(executor) {}
  ~Watch() {
    if (descriptor.is_open()) descriptor.release();
  }
  asio::posix::stream_descriptor descriptor;
  int wanted = CURL_POLL_NONE;
  bool reading = false, writing = false;   // a wait is under way
};

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
  State(const Executor& e, Reach r) : executor(e), reach(r), timer(e) {
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
    timer.cancel();
    for (auto& [easy, running_transfer] : running) curl_multi_remove_handle(multi, easy);
    running.clear();
    curl_multi_cleanup(std::exchange(multi, nullptr));
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

  static int OnSocket(CURL*, curl_socket_t socket, int what, void* context, void*) {
    auto& self = *static_cast<State*>(context);
    if (what == CURL_POLL_REMOVE) {
      // The watch may be in use further up the stack; only the socket leaves at once.
      if (auto node = self.watches.extract(socket)) node.mapped()->descriptor.release();
      return 0;
    }
    auto& watch = self.watches[socket];
    if (!watch) {
      watch = std::make_shared<Watch>(self.executor);
      boost::system::error_code error;
      watch->descriptor.assign(socket, error);
      if (error) {
        self.watches.erase(socket);
        return -1;
      }
    }
    watch->wanted = what;
    self.Await(socket, watch);
    return 0;
  }

  static int OnTimer(CURLM*, long milliseconds, void* context) {
    auto& self = *static_cast<State*>(context);
    self.timer.cancel();
    if (milliseconds < 0 || !self.multi) return 0;
    self.timer.expires_after(std::chrono::milliseconds(milliseconds));
    self.timer.async_wait([state = self.weak_from_this()](boost::system::error_code error) {
      const auto s = state.lock();
      if (!error && s && s->multi) s->Act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  auto Ready(curl_socket_t socket, const std::shared_ptr<Watch>& watch, int mask) {
    return [weak = weak_from_this(), watch, socket, mask](boost::system::error_code error) {
      (mask == CURL_CSELECT_IN ? watch->reading : watch->writing) = false;
      const auto self = weak.lock();
      // The number of a closed socket may already be that of another one.
      const auto current = [&] {
        const auto found = self->watches.find(socket);
        return found != self->watches.end() && found->second == watch;
      };
      if (!self || !self->multi || error == asio::error::operation_aborted || !current()) return;
      const bool still_wanted = watch->wanted & (mask == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT);
      if (still_wanted) self->Act(socket, error ? CURL_CSELECT_ERR : mask);
      if (self->multi && current()) self->Await(socket, watch);
    };
  }

  void Await(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
    if ((watch->wanted & CURL_POLL_IN) && !std::exchange(watch->reading, true)) {
      watch->descriptor.async_wait(asio::posix::descriptor_base::wait_read, Ready(socket, watch, CURL_CSELECT_IN));
    }
    if ((watch->wanted & CURL_POLL_OUT) && !std::exchange(watch->writing, true)) {
      watch->descriptor.async_wait(asio::posix::descriptor_base::wait_write, Ready(socket, watch, CURL_CSELECT_OUT));
    }
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

  const Executor executor;
  const Reach reach;
  asio::steady_timer timer;
  CURLM* multi = nullptr;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches;
  std::unordered_map<CURL*, Running> running;
};

CurlDriver::CurlDriver(const Executor& executor, Reach reach) : state_(std::make_shared<State>(executor, reach)) {}

CurlDriver::~CurlDriver() { state_->Close(); }

Task<CURLcode> CurlDriver::Run(std::shared_ptr<CurlTransfer> transfer) {
  auto state = state_;
  if (!state->multi) co_return Fail(Errc::kStopped);
  auto* easy = transfer->easy();
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &State::OpenSocket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, state->reach == Reach::kPublicOnly ? &transfer->address_refused_ : nullptr);
  auto [promise, future] = async::MakeCompletion<CURLcode>(co_await asio::this_coro::executor);
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
