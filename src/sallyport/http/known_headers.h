// SPDX-License-Identifier: Apache-2.0
// The names behind HeaderId, and how they are told apart: inner header of header_field.cc and field_parser.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

#include "sallyport/http/header_field.h"

namespace sallyport::http::known_headers {

// Up to eight bytes from `at` on, as a word.
constexpr std::uint64_t Word(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8 && at + i < text.size(); ++i)
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at + i])) << 8 * i;
  return word;
}

// A name in lower case, as three words that may overlap: its first eight bytes, its last eight, and those between.
struct Known {
  consteval Known(std::string_view name, HeaderId header)
      : first(Word(name, 0)),
        last(name.size() < 8 ? 0 : Word(name, name.size() - 8)),
        middle(name.size() <= 16 ? 0 : Word(name, 8)),
        size(static_cast<std::uint8_t>(name.size())),
        id(header) {}
  std::uint64_t first, last, middle;
  std::uint8_t size;
  HeaderId id;
};

inline constexpr Known kKnown[] = {
    {"accept", HeaderId::kAccept},
    {"accept-encoding", HeaderId::kAcceptEncoding},
    {"accept-language", HeaderId::kAcceptLanguage},
    {"authorization", HeaderId::kAuthorization},
    {"cache-control", HeaderId::kCacheControl},
    {"connection", HeaderId::kConnection},
    {"content-length", HeaderId::kContentLength},
    {"content-type", HeaderId::kContentType},
    {"content-encoding", HeaderId::kContentEncoding},
    {"cookie", HeaderId::kCookie},
    {"date", HeaderId::kDate},
    {"expect", HeaderId::kExpect},
    {"forwarded", HeaderId::kForwarded},
    {"host", HeaderId::kHost},
    {"http2-settings", HeaderId::kHttp2Settings},
    {"if-none-match", HeaderId::kIfNoneMatch},
    {"keep-alive", HeaderId::kKeepAlive},
    {"location", HeaderId::kLocation},
    {"origin", HeaderId::kOrigin},
    {"proxy-authenticate", HeaderId::kProxyAuthenticate},
    {"proxy-authorization", HeaderId::kProxyAuthorization},
    {"proxy-connection", HeaderId::kProxyConnection},
    {"referer", HeaderId::kReferer},
    {"sec-fetch-dest", HeaderId::kSecFetchDest},
    {"sec-fetch-mode", HeaderId::kSecFetchMode},
    {"sec-fetch-site", HeaderId::kSecFetchSite},
    {"sec-fetch-user", HeaderId::kSecFetchUser},
    {"sec-purpose", HeaderId::kSecPurpose},
    {"sec-websocket-accept", HeaderId::kSecWebSocketAccept},
    {"sec-websocket-key", HeaderId::kSecWebSocketKey},
    {"sec-websocket-version", HeaderId::kSecWebSocketVersion},
    {"server", HeaderId::kServer},
    {"set-cookie", HeaderId::kSetCookie},
    {"te", HeaderId::kTe},
    {"trailer", HeaderId::kTrailer},
    {"transfer-encoding", HeaderId::kTransferEncoding},
    {"traceparent", HeaderId::kTraceparent},
    {"tracestate", HeaderId::kTracestate},
    {"upgrade", HeaderId::kUpgrade},
    {"user-agent", HeaderId::kUserAgent},
    {"vary", HeaderId::kVary},
    {"via", HeaderId::kVia},
    {"www-authenticate", HeaderId::kWwwAuthenticate},
    {"x-auth-return-redirect", HeaderId::kXAuthReturnRedirect},
    {"x-csrf-token", HeaderId::kXCsrfToken},
    {"x-forwarded-for", HeaderId::kXForwardedFor},
    {"x-forwarded-host", HeaderId::kXForwardedHost},
    {"x-forwarded-port", HeaderId::kXForwardedPort},
    {"x-forwarded-proto", HeaderId::kXForwardedProto},
    {"x-real-ip", HeaderId::kXRealIp},
    {"x-request-id", HeaderId::kXRequestId},
    {"x-requested-with", HeaderId::kXRequestedWith},
    {"x-xsrf-token", HeaderId::kXXsrfToken},
};
static_assert(std::size(kKnown) + 1 == static_cast<std::size_t>(HeaderId::kCount), "every id has a name");

inline constexpr std::size_t kMaxKnownName = 24;
inline constexpr std::size_t kSlots = 256;

// The multiplier is searched for at compile time.
constexpr std::size_t Hash(std::uint64_t first, std::uint64_t last, std::size_t size, std::uint64_t multiplier) {
  return static_cast<std::size_t>(((first ^ std::rotl(last, 21) ^ size) * multiplier) >> 56);
}

struct Table {
  std::array<std::uint8_t, kSlots> slots{};  // index + 1 into kKnown
  std::uint64_t multiplier = 0;
};

constexpr Table MakeTable() {
  for (std::uint64_t multiplier = 0x9e3779b97f4a7c15ULL;; multiplier = multiplier * 0x5851f42d4c957f2dULL + 0x14057b7ef767814fULL) {
    Table table;
    table.multiplier = multiplier;
    bool clash = false;
    for (std::size_t i = 0; i < std::size(kKnown) && !clash; ++i) {
      std::uint8_t& slot = table.slots[Hash(kKnown[i].first, kKnown[i].last, kKnown[i].size, multiplier)];
      clash = slot != 0;
      slot = static_cast<std::uint8_t>(i + 1);
    }
    if (!clash) return table;
  }
}
inline constexpr Table kTable = MakeTable();

// `name` holds token characters only; eight bytes from its beginning on can be read. OR-ing 0x20 lowers letters, leaves digits
// and '-' alone, and turns no other token character into any of these.
inline HeaderId Identify(std::string_view name) {
  constexpr std::uint64_t kLower = 0x2020202020202020ULL;
  const std::size_t size = name.size();
  if (size < 2 || size > kMaxKnownName) return HeaderId::kOther;
  const auto load = [&](std::size_t at) {
    std::uint64_t word;
    std::memcpy(&word, name.data() + at, 8);
    return word | kLower;
  };
  std::uint64_t first = load(0), last = 0;
  if (size >= 8) last = load(size - 8);
  else first &= ~std::uint64_t{0} >> (64 - 8 * size);
  const std::uint8_t slot = kTable.slots[Hash(first, last, size, kTable.multiplier)];
  if (slot == 0) return HeaderId::kOther;
  const Known& known = kKnown[slot - 1];
  if (known.first != first || known.last != last || known.size != size) return HeaderId::kOther;
  if (size > 16 && known.middle != load(8)) return HeaderId::kOther;
  return known.id;
}

}  // namespace sallyport::http::known_headers
