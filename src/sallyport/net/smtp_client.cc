// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/smtp_client.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <optional>

#include "sallyport/async/thread_pool.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/net/curl_driver.h"
#include "sallyport/net/errc.h"

namespace sallyport::net {
namespace {

constexpr long kTimeoutMs = 60'000;
constexpr long kConnectTimeoutMs = 15'000;

// The address of "Example <no-reply@example.com>" or of "no-reply@example.com". It goes into an SMTP command: nothing in it
// may end that command.
std::optional<std::string> AddressOf(std::string_view mailbox) {
  if (mailbox.ends_with('>')) {
    const auto open = mailbox.rfind('<');
    if (open == mailbox.npos) return std::nullopt;
    mailbox = mailbox.substr(open + 1, mailbox.size() - open - 2);
  }
  const auto bad = [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '<' || c == '>'; };
  if (std::ranges::any_of(mailbox, bad) || std::ranges::count(mailbox, '@') != 1) return std::nullopt;
  if (mailbox.starts_with('@') || mailbox.ends_with('@') || mailbox.size() > 320) return std::nullopt;
  return std::string(mailbox);
}

struct Server {
  std::string url;
  bool needs_starttls = false;
};

Result<Server> ParseServer(const std::string& url) {
  const bool implicit_tls = url.starts_with("smtps://");
  if (!implicit_tls && !url.starts_with("smtp://")) return Fail(Errc::kOutboundFailed, "smtp_url is neither smtp:// nor smtps://");
  auto authority = std::string_view(url).substr(implicit_tls ? 8 : 7);
  if (authority.ends_with('/')) authority.remove_suffix(1);
  if (authority.empty() || authority.find_first_of("/@?# \r\n") != authority.npos) {
    return Fail(Errc::kOutboundFailed, "smtp_url is not scheme://host:port");
  }
  auto host = authority;
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  const auto ip = http::IpAddress::Parse(host);
  const bool loopback = host == "localhost" || (ip && ip->is_loopback());
  return Server{(implicit_tls ? "smtps://" : "smtp://") + std::string(authority), !implicit_tls && !loopback};
}

class SmtpTransfer final : public CurlTransfer {
 public:
  SmtpTransfer(const Server& server, const SmtpOptions& options, const std::string& from, const std::string& to,
               std::string message, const std::atomic<bool>& stopping)
      : message_(std::move(message)), stopping_(stopping) {
    TrustAlso(options.ca_file);
    // The URL's path is the name for EHLO.
    curl_easy_setopt(easy(), CURLOPT_URL, (server.url + "/" + from.substr(from.find('@') + 1)).c_str());
    curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy(), CURLOPT_USE_SSL, long{server.needs_starttls ? CURLUSESSL_ALL : CURLUSESSL_NONE});
    if (!options.user.empty()) {
      curl_easy_setopt(easy(), CURLOPT_USERNAME, options.user.c_str());
      curl_easy_setopt(easy(), CURLOPT_PASSWORD, std::string(options.password.Reveal()).c_str());
    }
    curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
    curl_easy_setopt(easy(), CURLOPT_MAIL_FROM, ("<" + from + ">").c_str());
    AddLine(recipients_, "<" + to + ">");
    curl_easy_setopt(easy(), CURLOPT_MAIL_RCPT, recipients_);
    curl_easy_setopt(easy(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy(), CURLOPT_READFUNCTION, &SmtpTransfer::OnRead);
    curl_easy_setopt(easy(), CURLOPT_READDATA, this);
    curl_easy_setopt(easy(), CURLOPT_SEEKFUNCTION, &SmtpTransfer::OnSeek);
    curl_easy_setopt(easy(), CURLOPT_SEEKDATA, this);
    curl_easy_setopt(easy(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy(), CURLOPT_XFERINFOFUNCTION, &SmtpTransfer::OnProgress);
    curl_easy_setopt(easy(), CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, +[](char*, std::size_t, std::size_t size, void*) { return size; });
  }
  ~SmtpTransfer() override { curl_slist_free_all(recipients_); }

  // 5xx about this mail. 50x and 53x are about the server or our account there: an operator can mend those.
  bool refused_for_good() const {
    long reply = 0;
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &reply);
    return reply >= 550 && reply < 600;
  }

 private:
  static std::size_t OnRead(char* out, std::size_t, std::size_t room, void* context) {
    auto& self = *static_cast<SmtpTransfer*>(context);
    const auto size = std::min(room, self.message_.size() - self.sent_);
    std::memcpy(out, self.message_.data() + self.sent_, size);
    self.sent_ += size;
    return size;
  }
  // A kept connection that turns out to be dead makes libcurl begin again.
  static int OnSeek(void* context, curl_off_t offset, int origin) {
    auto& self = *static_cast<SmtpTransfer*>(context);
    if (origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > self.message_.size()) return CURL_SEEKFUNC_FAIL;
    self.sent_ = static_cast<std::size_t>(offset);
    return CURL_SEEKFUNC_OK;
  }

  static int OnProgress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<SmtpTransfer*>(context)->stopping_ ? 1 : 0;
  }

  const std::string message_;
  const std::atomic<bool>& stopping_;
  std::size_t sent_ = 0;
  curl_slist* recipients_ = nullptr;
};

// A thread of its own and not the worker's loop: libcurl 7.88 blocks until the server has judged the message, which may take
// it seconds.
class CurlSmtpClient final : public SmtpClient {
 public:
  explicit CurlSmtpClient(const SmtpOptions& options) : options_{options.url, options.user, options.password.Clone(), options.ca_file} {}
  ~CurlSmtpClient() override {
    stopping_ = true;
    pool_.Stop();
  }

  Task<void> Send(OutboundMail mail) override {
    SALLYPORT_CO_TRY(const auto server, ParseServer(options_.url));
    const auto from = AddressOf(mail.from), to = AddressOf(mail.to);
    if (!from || !to) co_return Fail(Errc::kOutboundFailed, "permanent: not an address");
    const std::function<Result<void>()> work = [this, server, from = *from, to = *to, message = std::move(mail.message)] {
      return Perform(server, from, to, message);
    };
    const auto sent = co_await pool_.Run<void>(work);
    if (!sent && !sent.error().Is(Errc::kOutboundFailed)) co_return Fail(Errc::kOutboundFailed, sent.error().ToLogString());
    co_return sent;
  }

 private:
  // The handle lives and dies here: its end says QUIT and waits for the answer.
  Result<void> Perform(const Server& server, const std::string& from, const std::string& to, const std::string& message) const {
    SmtpTransfer transfer(server, options_, from, to, message, stopping_);
    const auto code = curl_easy_perform(transfer.easy());
    if (code == CURLE_OK) return {};
    return Fail(Errc::kOutboundFailed, (transfer.refused_for_good() ? "permanent: " : "") + transfer.Explain(code));
  }

  const SmtpOptions options_;
  std::atomic<bool> stopping_ = false;
  async::ThreadPool pool_{{.name = "smtp", .threads = 1, .max_queued = 256}};
};

}  // namespace

std::unique_ptr<SmtpClient> MakeSmtpClient(const SmtpOptions& options, const Executor&) {
  return std::make_unique<CurlSmtpClient>(options);
}

}  // namespace sallyport::net
