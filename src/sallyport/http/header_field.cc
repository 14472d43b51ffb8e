// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/header_field.h"

#include <cstring>

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

struct Known {
  consteval Known(std::string_view lower_case, HeaderId header) : size(static_cast<std::uint8_t>(lower_case.size())), id(header) {
    for (std::size_t i = 0; i < lower_case.size(); ++i) name[i] = lower_case[i];
  }
  std::array<char, 24> name{};
  std::uint8_t size;
  HeaderId id;
};

constexpr Known kKnown[] = {
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

constexpr std::size_t kMaxKnownName = 24;
constexpr std::size_t kSlots = 512;

// Length and four letters tell all known names apart; the multiplier is searched for at compile time.
constexpr std::size_t Hash(std::string_view name, std::uint64_t multiplier) {
  const std::size_t size = name.size();
  const auto letter = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]) | 0x20); };
  const std::uint64_t key = size | letter(0) << 8 | letter(size > 2 ? 2 : 1) << 16 | letter(size > 4 ? size - 4 : 0) << 24 |
                            letter(size - 1) << 32;
  return static_cast<std::size_t>((key * multiplier) >> 55);
}

struct Table {
  std::array<std::uint8_t, kSlots> slots{};  // index + 1 into kKnown
  std::uint64_t multiplier = 0;
};

constexpr Table MakeTable() {
  for (std::uint64_t multiplier = 0x9e3779b97f4a7c15ULL;; multiplier *= 0x5851f42d4c957f2dULL) {
    Table table;
    table.multiplier = multiplier;
    bool clash = false;
    for (std::size_t i = 0; i < std::size(kKnown) && !clash; ++i) {
      std::uint8_t& slot = table.slots[Hash({kKnown[i].name.data(), kKnown[i].size}, multiplier)];
      clash = slot != 0;
      slot = static_cast<std::uint8_t>(i + 1);
    }
    if (!clash) return table;
  }
}
constexpr Table kTable = MakeTable();

// Eight bytes at once. OR-ing 0x20 lowers letters and leaves digits and '-' alone, but it also turns some controls into
// these, hence the second test.
bool SameEight(const char* name, const char* lower_case) {
  constexpr std::uint64_t kBits = 0x2020202020202020ULL;
  std::uint64_t a, b;
  std::memcpy(&a, name, 8);
  std::memcpy(&b, lower_case, 8);
  return (a | kBits) == b && ((a | (a >> 1)) & kBits) == kBits;
}

// Eight bytes with their upper-case letters lowered, and nothing else.
std::uint64_t LowerEight(const char* text) {
  constexpr std::uint64_t kOnes = ~std::uint64_t{0} / 255, kHigh = kOnes * 0x80;
  std::uint64_t word;
  std::memcpy(&word, text, 8);
  const std::uint64_t low = word & ~kHigh;
  const std::uint64_t upper = ((low + kOnes * (0x80 - 'A')) ^ (low + kOnes * (0x7f - 'Z'))) & ~word & kHigh;
  return word | upper >> 2;
}

bool Matches(std::string_view name, const Known& known) {
  const std::size_t size = name.size();
  if (size != known.size) return false;
  const char* const lower_case = known.name.data();
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i)
      if (ToLower(name[i]) != lower_case[i]) return false;
    return true;
  }
  if (!SameEight(name.data() + size - 8, lower_case + size - 8) || !SameEight(name.data(), lower_case)) return false;
  return size <= 16 || SameEight(name.data() + 8, lower_case + 8);
}

}  // namespace

HeaderId IdentifyHeader(std::string_view name) {
  if (name.size() < 2 || name.size() > kMaxKnownName) return HeaderId::kOther;
  const std::uint8_t slot = kTable.slots[Hash(name, kTable.multiplier)];
  if (slot == 0) return HeaderId::kOther;
  const Known& known = kKnown[slot - 1];
  return Matches(name, known) ? known.id : HeaderId::kOther;
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size >= 8) {
    // The last eight bytes overlap with those before them.
    for (std::size_t i = 0; i + 8 < size; i += 8)
      if (LowerEight(a.data() + i) != LowerEight(b.data() + i)) return false;
    return LowerEight(a.data() + size - 8) == LowerEight(b.data() + size - 8);
  }
  for (std::size_t i = 0; i < size; ++i)
    if (ToLower(a[i]) != ToLower(b[i])) return false;
  return true;
}

std::size_t HeaderTable::Count(HeaderId id) const {
  if (!Has(id)) return 0;
  std::size_t count = 0;
  for (std::size_t i = first_[static_cast<std::size_t>(id)]; i < size_; ++i) count += fields_[i].id == id;
  return count;
}

const HeaderField* HeaderTable::Find(std::string_view name) const {
  for (const HeaderField& field : fields())
    if (EqualsIgnoreCase(field.name, name)) return &field;
  return nullptr;
}

}  // namespace sallyport::http
