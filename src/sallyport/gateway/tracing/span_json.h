// SPDX-License-Identifier: Apache-2.0
// A request as a span, and spans as an OTLP/HTTP JSON request (opentelemetry-proto, ExportTraceServiceRequest).
//
// What a span says is bounded and free of what a client has sent: method, route pattern, upstream, status, times. No path, no
// query, no address, no user, no session (S62).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sallyport/gateway/metrics/request_metrics.h"
#include "sallyport/gateway/tracing/trace_context.h"
#include "sallyport/http/request_head.h"

namespace sallyport::gateway {

struct Span {
  TraceContext context;
  http::Method method = http::Method::kOther;
  const RequestRow* row = nullptr;              // route and upstream; rows live as long as the process
  std::uint16_t status = 0;                     // 0: none was sent
  std::uint64_t start_nanos = 0, end_nanos = 0; // Unix time
};

std::string SpansToJson(std::span<const Span> spans, std::string_view service_name);

}  // namespace sallyport::gateway
