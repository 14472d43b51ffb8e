// SPDX-License-Identifier: Apache-2.0
// One libcurl multi handle on one worker's loop; http_client.cc runs its transfers on it. (smtp_client.cc uses CurlTransfer
// alone, on a thread.)
//
// Single-threaded: everything happens on the loop of those who call Run. Names are resolved on libcurl's own threads. Connections are
// kept and reused among the transfers of one driver; hence a driver is either for transfers that may reach private addresses
// or for those that may not (S37), never for both. Environment variables (http_proxy) have no influence.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "sallyport/async/task.h"

namespace sallyport::net {

// An easy handle and what must live as long as it does.
class CurlTransfer {
 public:
  CurlTransfer();
  virtual ~CurlTransfer();
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* easy() const { return easy_; }
  // An address was refused at connect time.
  bool address_refused() const { return address_refused_; }
  // For logs: what libcurl said.
  std::string Explain(CURLcode code) const;
  void AddLine(curl_slist*& list, const std::string& line);
  // PEM; empty: the system's authorities alone.
  void TrustAlso(const std::string& ca_file);

 private:
  friend class CurlDriver;
  CURL* easy_;
  bool address_refused_ = false;
  char error_[CURL_ERROR_SIZE] = {};
};

class CurlDriver {
 public:
  enum class Reach { kAnywhere, kPublicOnly };

  explicit CurlDriver(Reach reach);
  // Transfers under way end with Errc::kStopped. Their loop must still exist and not run any more, or the caller is on its
  // thread.
  ~CurlDriver();

  // Runs it to its end. The result is libcurl's; Errc::kStopped is the only error.
  Task<CURLcode> Run(std::shared_ptr<CurlTransfer> transfer);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::net
