// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/metrics/request_rows.h"

namespace sallyport::gateway {

RequestRows::RequestRows(RequestMetrics& metrics, const GatewayOptions& options)
    : nothing_(&metrics.RowFor(RequestMetrics::kNoRoute, "")) {
  for (const Route& route : options.routes) routes_.push_back(&metrics.RowFor(route.path, options.upstreams[route.upstream].net.name));
  for (const Endpoint& endpoint : EndpointTable()) endpoints_.push_back(&metrics.RowFor(endpoint.pattern, ""));
}

}  // namespace sallyport::gateway
