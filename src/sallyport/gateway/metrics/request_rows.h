// SPDX-License-Identifier: Apache-2.0
// The rows of RequestMetrics that one configuration's requests are counted in, found by index. Immutable.
#pragma once

#include <vector>

#include "sallyport/gateway/handlers/endpoint.h"
#include "sallyport/gateway/metrics/request_metrics.h"
#include "sallyport/gateway/options.h"

namespace sallyport::gateway {

class RequestRows {
 public:
  RequestRows(RequestMetrics& metrics, const GatewayOptions& options);

  RequestRow& OfRoute(std::size_t index) const { return *routes_[index]; }
  RequestRow& OfEndpoint(const Endpoint& endpoint) const { return *endpoints_[static_cast<std::size_t>(&endpoint - EndpointTable().data())]; }
  // No route, or no endpoint of ours.
  RequestRow& OfNothing() const { return *nothing_; }

 private:
  std::vector<RequestRow*> routes_, endpoints_;
  RequestRow* nothing_;
};

}  // namespace sallyport::gateway
