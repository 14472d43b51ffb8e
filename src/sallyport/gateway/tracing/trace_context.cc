// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/tracing/trace_context.h"

#include <algorithm>
#include <cstring>

namespace sallyport::gateway {
namespace {

constexpr std::size_t kLength = 55;   // 00-{32}-{16}-{2}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool IsHex(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return HexDigit(c) >= 0; });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

std::optional<TraceParent> ParseTraceParent(std::string_view value) {
  if (value.size() < kLength || value[2] != '-' || value[35] != '-' || value[52] != '-') return std::nullopt;
  const auto version = value.substr(0, 2), trace = value.substr(3, 32), span = value.substr(36, 16), flags = value.substr(53, 2);
  if (!IsHex(version) || !IsHex(trace) || !IsHex(span) || !IsHex(flags)) return std::nullopt;
  if (version == "ff" || IsZero(trace) || IsZero(span)) return std::nullopt;
  if (version == "00" ? value.size() != kLength : value.size() > kLength && value[kLength] != '-') return std::nullopt;
  TraceParent parent;
  std::ranges::copy(trace, parent.trace.begin());
  std::ranges::copy(span, parent.span.begin());
  parent.sampled = (HexDigit(flags[1]) & 1) != 0;
  return parent;
}

void TraceContext::Begin(const http::HeaderTable& fields, int percent, TraceIds& ids) {
  const auto received = fields.Count(http::HeaderId::kTraceparent) == 1 ? ParseTraceParent(fields.Get(http::HeaderId::kTraceparent)) : std::nullopt;
  has_parent = received.has_value();
  sampled = received ? received->sampled : ids.Chance(percent);
  if (!sampled) return;
  if (received) {
    trace = received->trace;
    parent = received->span;
  } else {
    ids.Fill(trace);
  }
  ids.Fill(span);
}

void TraceContext::Write(TraceParentText& out) const {
  std::memcpy(out.data(), "00-", 3);
  std::ranges::copy(trace, out.begin() + 3);
  out[35] = '-';
  std::ranges::copy(span, out.begin() + 36);
  std::memcpy(out.data() + 52, "-01", 3);
}

}  // namespace sallyport::gateway
