// SPDX-License-Identifier: Apache-2.0
// Outbound HTTP (libcurl multi on the worker's loop): back ends' login endpoints, later identity providers and webhooks.
//
// Bounded in time and size, verifies TLS, never follows redirects, sends no cookies of its own. Unless `allow_private` is
// set, an address that is loopback, link-local or private is refused after resolution, at connect time (S37).
// One instance per worker.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/secret.h"
#include "sallyport/net/options.h"

namespace sallyport::async {
class WorkerSet;
}

namespace sallyport::net {

struct OutboundRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Duration timeout{10'000};
  std::size_t max_response_bytes = 1 << 20;
  bool allow_private = false;
  OutboundRequest() = default;
};

struct OutboundResponse {
  long status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Errors: kOutboundFailed, kUpstreamTimeout, kAddressNotAllowed, kResponseTooLarge, kStopped. A status is never an error.
  virtual Task<OutboundResponse> Send(OutboundRequest request) = 0;
};

// For callers of one loop.
std::unique_ptr<HttpClient> MakeHttpClient(const OutboundOptions& options = {});
// One client per worker behind one face: Send goes to the calling worker's. Errc::kStopped when called elsewhere. Destroy it
// after the workers have stopped and before they are destroyed.
std::unique_ptr<HttpClient> MakeHttpClientForWorkers(const async::WorkerSet& workers, const OutboundOptions& options = {});

}  // namespace sallyport::net
