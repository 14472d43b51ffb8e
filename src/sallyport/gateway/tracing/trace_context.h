// SPDX-License-Identifier: Apache-2.0
// Which trace a request belongs to: W3C Trace Context, version 00 (https://www.w3.org/TR/trace-context/).
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "sallyport/gateway/trace_ids.h"
#include "sallyport/http/header_field.h"

namespace sallyport::gateway {

using TraceId = std::array<char, 32>;   // lower-case hex, not all zero
using SpanId = std::array<char, 16>;
using TraceParentText = std::array<char, 55>;

struct TraceParent {
  TraceId trace;
  SpanId span;
  bool sampled = false;
};

// Strict; of a later version the parts that are known. nullopt: the trace begins anew, as the standard has it.
std::optional<TraceParent> ParseTraceParent(std::string_view value);

// The span that the gateway makes of a request, when it is traced.
struct TraceContext {
  bool sampled = false;
  bool has_parent = false;
  TraceId trace;
  SpanId span;
  SpanId parent;                        // with has_parent

  // With a parent its decision counts; else `percent` of the traces are sampled. Two traceparent fields are none.
  void Begin(const http::HeaderTable& fields, int percent, TraceIds& ids);
  void Write(TraceParentText& out) const;
};

}  // namespace sallyport::gateway
