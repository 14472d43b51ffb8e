// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/http_client.h"

#include <algorithm>

#include "sallyport/async/worker_set.h"
#include "sallyport/base/url.h"
#include "sallyport/http/header_field.h"
#include "sallyport/net/curl_driver.h"
#include "sallyport/net/errc.h"

namespace sallyport::net {
namespace {

constexpr std::size_t kMaxHeadBytes = 64 * 1024;

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

class HttpTransfer final : public CurlTransfer {
 public:
  HttpTransfer(OutboundRequest request, const std::string& ca_file) : request_(std::move(request)) {
    TrustAlso(ca_file);
    curl_easy_setopt(easy(), CURLOPT_URL, request_.url.c_str());
    curl_easy_setopt(easy(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy(), CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<Duration::rep>(1, request_.timeout.count())));
    curl_easy_setopt(easy(), CURLOPT_USERAGENT, "sallyport");
    // On a kept connection that has just died libcurl would send it a second time, and codes and refresh tokens count once.
    if (request_.method == "POST") curl_easy_setopt(easy(), CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy(), CURLOPT_WRITEFUNCTION, &HttpTransfer::OnBody);
    curl_easy_setopt(easy(), CURLOPT_WRITEDATA, this);
    curl_easy_setopt(easy(), CURLOPT_HEADERFUNCTION, &HttpTransfer::OnHeader);
    curl_easy_setopt(easy(), CURLOPT_HEADERDATA, this);
    SetMethod();
    AddLine(lines_, "Expect:");
    // libcurl would call every body a form, also one that is not there: Dropbox refuses that.
    if (!HasHeader("content-type")) AddLine(lines_, "Content-Type:");
    for (const auto& [name, value] : request_.headers) {
      AddLine(lines_, value.empty() ? name + ";" : name + ": " + value);
    }
    curl_easy_setopt(easy(), CURLOPT_HTTPHEADER, lines_);
  }
  ~HttpTransfer() override { curl_slist_free_all(lines_); }

  bool too_large() const { return too_large_; }
  bool allow_private() const { return request_.allow_private; }

  OutboundResponse TakeResponse() {
    curl_easy_getinfo(easy(), CURLINFO_RESPONSE_CODE, &response_.status);
    return std::move(response_);
  }

 private:
  bool HasHeader(std::string_view name) const {
    return std::ranges::any_of(request_.headers, [&](const auto& header) { return http::EqualsIgnoreCase(header.first, name); });
  }

  void SetMethod() {
    if (request_.method == "HEAD") {
      curl_easy_setopt(easy(), CURLOPT_NOBODY, 1L);
    } else if (request_.method != "GET" || !request_.body.empty()) {
      curl_easy_setopt(easy(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
      curl_easy_setopt(easy(), CURLOPT_POSTFIELDS, request_.body.c_str());
      curl_easy_setopt(easy(), CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    }
  }

  static std::size_t OnBody(char* data, std::size_t, std::size_t size, void* context) {
    auto& self = *static_cast<HttpTransfer*>(context);
    if (size > self.request_.max_response_bytes - self.response_.body.size()) {
      self.too_large_ = true;
      return CURL_WRITEFUNC_ERROR;
    }
    self.response_.body.append(data, size);
    return size;
  }

  static std::size_t OnHeader(char* data, std::size_t, std::size_t size, void* context) {
    auto& self = *static_cast<HttpTransfer*>(context);
    const std::string_view line(data, size);
    if (size > kMaxHeadBytes - self.head_bytes_) {
      self.too_large_ = true;
      return CURL_WRITEFUNC_ERROR;
    }
    self.head_bytes_ += size;
    const auto colon = line.find(':');
    if (line.starts_with("HTTP/")) {
      self.response_.headers.clear();  // after an interim answer
    } else if (colon != line.npos) {
      std::string name(Trim(line.substr(0, colon)));
      for (auto& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      self.response_.headers.emplace_back(std::move(name), Trim(line.substr(colon + 1)));
    }
    return size;
  }

  const OutboundRequest request_;
  OutboundResponse response_;
  curl_slist* lines_ = nullptr;
  std::size_t head_bytes_ = 0;
  bool too_large_ = false;
};

// libcurl takes header lines as they are: a line break in one would be a header of its own.
bool HasControl(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Result<void> Check(const OutboundRequest& request) {
  // The parser's own error quotes the URL, which can hold a token (S62).
  if (!ParseUrl(request.url)) return Fail(Errc::kOutboundFailed, "not an absolute http(s) URL");
  if (request.method.empty() || !std::ranges::all_of(request.method, [](char c) { return c >= 'A' && c <= 'Z'; })) {
    return Fail(Errc::kOutboundFailed, "not a method");
  }
  for (const auto& [name, value] : request.headers) {
    if (name.empty() || HasControl(name) || name.find_first_of(" :;") != name.npos || HasControl(value)) {
      return Fail(Errc::kOutboundFailed, "not a header");
    }
  }
  return {};
}

Error Explain(const HttpTransfer& transfer, CURLcode code) {
  if (transfer.too_large()) return Error(Errc::kResponseTooLarge);
  if (transfer.address_refused()) return Error(Errc::kAddressNotAllowed, "the name resolves to a private address");
  if (code == CURLE_OPERATION_TIMEDOUT) return Error(Errc::kUpstreamTimeout, transfer.Explain(code));
  return Error(Errc::kOutboundFailed, transfer.Explain(code));
}

class CurlHttpClient final : public HttpClient {
 public:
  explicit CurlHttpClient(const OutboundOptions& options)
      : options_(options), anywhere_(CurlDriver::Reach::kAnywhere), public_only_(CurlDriver::Reach::kPublicOnly) {}

  Task<OutboundResponse> Send(OutboundRequest request) override {
    if (auto checked = Check(request); !checked) co_return std::unexpected(std::move(checked).error());
    auto transfer = std::make_shared<HttpTransfer>(std::move(request), options_.ca_file);
    CurlDriver& driver = transfer->allow_private() ? anywhere_ : public_only_;
    SALLYPORT_CO_TRY(const auto code, co_await driver.Run(transfer));
    if (code != CURLE_OK) co_return std::unexpected(Explain(*transfer, code));
    co_return transfer->TakeResponse();
  }

 private:
  const OutboundOptions options_;
  CurlDriver anywhere_;
  CurlDriver public_only_;
};

class PerWorkerHttpClient final : public HttpClient {
 public:
  PerWorkerHttpClient(const async::WorkerSet& workers, const OutboundOptions& options) {
    for (std::size_t i = 0; i < workers.size(); ++i) clients_.push_back(MakeHttpClient(options));
  }

  Task<OutboundResponse> Send(OutboundRequest request) override {
    const auto worker = async::WorkerSet::Current();
    if (worker >= clients_.size()) co_return Fail(Errc::kStopped, "not on a worker");
    co_return co_await clients_[worker]->Send(std::move(request));
  }

 private:
  std::vector<std::unique_ptr<HttpClient>> clients_;
};

}  // namespace

std::unique_ptr<HttpClient> MakeHttpClient(const OutboundOptions& options) {
  return std::make_unique<CurlHttpClient>(options);
}

std::unique_ptr<HttpClient> MakeHttpClientForWorkers(const async::WorkerSet& workers, const OutboundOptions& options) {
  return std::make_unique<PerWorkerHttpClient>(workers, options);
}

}  // namespace sallyport::net
