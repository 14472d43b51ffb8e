// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/tracing/span_json.h"

#include "sallyport/base/json.h"
#include "sallyport/base/version.h"

namespace sallyport::gateway {
namespace {

constexpr int kServer = 2;   // SPAN_KIND_SERVER
constexpr int kError = 2;    // STATUS_CODE_ERROR
// OpenTelemetry's word for a method that is not well known.
constexpr std::string_view kMethods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "_OTHER"};

template <std::size_t kSize>
std::string_view View(const std::array<char, kSize>& digits) {
  return {digits.data(), digits.size()};
}

json::object Attribute(std::string_view key, std::string_view value) {
  return {{"key", key}, {"value", json::object{{"stringValue", value}}}};
}

// 64-bit numbers are strings in this encoding.
json::object Number(std::string_view key, std::uint64_t value) {
  return {{"key", key}, {"value", json::object{{"intValue", std::to_string(value)}}}};
}

json::object ToJson(const Span& span) {
  const std::string_view method = kMethods[static_cast<std::size_t>(span.method)];
  json::array attributes{Attribute("http.request.method", method), Attribute("http.route", span.row->route)};
  if (!span.row->upstream.empty()) attributes.push_back(Attribute("sallyport.upstream", span.row->upstream));
  if (span.status != 0) attributes.push_back(Number("http.response.status_code", span.status));
  json::object out{{"traceId", View(span.context.trace)},
                   {"spanId", View(span.context.span)},
                   {"name", std::string(method) + " " + span.row->route},
                   {"kind", kServer},
                   {"startTimeUnixNano", std::to_string(span.start_nanos)},
                   {"endTimeUnixNano", std::to_string(span.end_nanos)},
                   {"attributes", std::move(attributes)}};
  if (span.context.has_parent) out["parentSpanId"] = View(span.context.parent);
  if (span.status == 0 || span.status >= 500) out["status"] = json::object{{"code", kError}};
  return out;
}

}  // namespace

std::string SpansToJson(std::span<const Span> spans, std::string_view service_name) {
  json::array list;
  for (const Span& span : spans) list.push_back(ToJson(span));
  const json::object scope{{"scope", json::object{{"name", "sallyport"}, {"version", kVersion}}}, {"spans", std::move(list)}};
  const json::object resource{{"attributes", json::array{Attribute("service.name", service_name), Attribute("service.version", kVersion)}}};
  return json::serialize(
      json::object{{"resourceSpans", json::array{json::object{{"resource", resource}, {"scopeSpans", json::array{scope}}}}}});
}

}  // namespace sallyport::gateway
