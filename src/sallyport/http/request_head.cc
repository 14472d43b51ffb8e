// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/request_head.h"

#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/field_parser.h"

namespace sallyport::http {
namespace {

constexpr std::size_t kMaxMethodBytes = 32;

Method MethodOf(std::string_view name) {
  switch (name.size()) {
    case 3: return name == "GET" ? Method::kGet : name == "PUT" ? Method::kPut : Method::kOther;
    case 4: return name == "POST" ? Method::kPost : name == "HEAD" ? Method::kHead : Method::kOther;
    case 5: return name == "PATCH" ? Method::kPatch : Method::kOther;
    case 6: return name == "DELETE" ? Method::kDelete : Method::kOther;
    case 7: return name == "OPTIONS" ? Method::kOptions : Method::kOther;
    default: return Method::kOther;
  }
}

// In any case: an upstream may fold the case of methods.
bool IsRefusedMethod(std::string_view name) {
  return EqualsIgnoreCase(name, "TRACE") || EqualsIgnoreCase(name, "TRACK") || EqualsIgnoreCase(name, "CONNECT");
}

// " HTTP/1.1\r\n" is compared whole in the usual case; the rest tells the errors apart.
StartLine ParseVersion(const char*& at, const char* end, std::uint8_t& minor) {
  constexpr std::string_view kPrefix = "HTTP/1.";
  const std::string_view rest(at, static_cast<std::size_t>(end - at));
  if (rest.size() < kPrefix.size() + 3) {
    const std::string_view known = "HTTP/1.1\r\n";
    for (std::size_t i = 0; i < rest.size(); ++i)
      if (rest[i] != known[i] && !(i >= 5 && i <= 7)) return {ParseStatus::kMalformed};
    return {ParseStatus::kPartial};
  }
  if (rest[8] != '\r' || rest[9] != '\n') return {ParseStatus::kMalformed};
  if (!rest.starts_with(kPrefix)) {
    const bool other = rest.starts_with("HTTP/") && IsDigit(rest[5]) && rest[6] == '.' && IsDigit(rest[7]);
    return {ParseStatus::kMalformed, other ? Errc::kVersion : Errc::kMalformed};
  }
  if (rest[7] != '0' && rest[7] != '1') return {ParseStatus::kMalformed, IsDigit(rest[7]) ? Errc::kVersion : Errc::kMalformed};
  minor = static_cast<std::uint8_t>(rest[7] - '0');
  at += 10;
  return {ParseStatus::kDone};
}

StartLine ParseRequestLine(const char*& position, const char* end, const HeadLimits& limits, RequestHead& out) {
  const char* at = position;
  // One empty line before it is passed over (RFC 9112 §2.2).
  if (at != end && *at == '\r') {
    if (end - at < 2) return {ParseStatus::kPartial};
    if (at[1] != '\n') return {ParseStatus::kMalformed};
    at += 2;
  }
  const char* const method = at;
  while (at < end && Is(*at, char_class::kToken)) ++at;
  out.method_name = {method, static_cast<std::size_t>(at - method)};
  if (out.method_name.size() > kMaxMethodBytes) return {ParseStatus::kMalformed};
  if (at == end) return {ParseStatus::kPartial};
  if (*at != ' ' || out.method_name.empty()) return {ParseStatus::kMalformed};
  out.method = MethodOf(out.method_name);
  if (out.method == Method::kOther && IsRefusedMethod(out.method_name)) return {ParseStatus::kMalformed, Errc::kMethodNotAllowed};
  const char* const target = ++at;
  at = ScanTargetText(at, end);
  out.raw_target = {target, static_cast<std::size_t>(at - target)};
  if (out.raw_target.size() > limits.max_target_bytes) return {ParseStatus::kMalformed, Errc::kTargetTooLong};
  if (at == end) return {ParseStatus::kPartial};
  if (*at != ' ' || out.raw_target.empty()) return {ParseStatus::kMalformed};
  position = at + 1;
  return ParseVersion(position, end, out.minor_version);
}

}  // namespace

Result<std::size_t> ParseRequestHead(std::string_view buffer, std::size_t already_scanned, const HeadLimits& limits,
                                     RequestHead& out) {
  return ParseHead(buffer, already_scanned, limits, out.fields, "request line",
                   [&](const char*& at, const char* end) { return ParseRequestLine(at, end, limits, out); });
}

}  // namespace sallyport::http
