// SPDX-License-Identifier: Apache-2.0
// One field line of a head, as views into the buffer that was parsed, and the table that holds them.
//
// The names that the gateway decides on are recognised while parsing (HeaderId), so that no later step compares strings.
// Lookup by name is ASCII case-insensitive (RFC 9110 §5.1).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace sallyport::http {

enum class HeaderId : std::uint8_t {
  kOther = 0,
  kAccept, kAcceptEncoding, kAcceptLanguage, kAuthorization, kCacheControl, kConnection, kContentLength, kContentType,
  kContentEncoding, kCookie, kDate, kExpect, kForwarded, kHost, kHttp2Settings, kIfNoneMatch, kKeepAlive, kLocation,
  kOrigin, kProxyAuthenticate, kProxyAuthorization, kProxyConnection, kReferer, kSecFetchDest, kSecFetchMode,
  kSecFetchSite, kSecFetchUser, kSecPurpose, kSecWebSocketAccept, kSecWebSocketKey, kSecWebSocketVersion, kServer,
  kSetCookie, kTe, kTrailer, kTransferEncoding, kTraceparent, kTracestate, kUpgrade, kUserAgent, kVary, kVia,
  kWwwAuthenticate, kXAuthReturnRedirect, kXCsrfToken, kXForwardedFor, kXForwardedHost, kXForwardedPort,
  kXForwardedProto, kXRealIp, kXRequestId, kXRequestedWith, kXXsrfToken,
  kCount
};

struct HeaderField {
  std::string_view name;   // as received
  std::string_view value;  // without surrounding white space; no CR, LF or NUL in it
  HeaderId id = HeaderId::kOther;
};

inline constexpr std::size_t kMaxHeaderFields = 128;  // the configured limit may be lower, never higher

// Which fields of a table something applies to, by index.
using FieldMask = std::bitset<kMaxHeaderFields>;

// A set of ids, for asking about several at once.
class HeaderIdSet {
 public:
  constexpr HeaderIdSet() = default;
  constexpr HeaderIdSet(std::initializer_list<HeaderId> ids) {
    for (const HeaderId id : ids) Add(id);
  }
  constexpr void Add(HeaderId id) { bits_ |= std::uint64_t{1} << static_cast<unsigned>(id); }
  constexpr bool Has(HeaderId id) const { return (bits_ >> static_cast<unsigned>(id) & 1) != 0; }
  constexpr bool Meets(HeaderIdSet other) const { return (bits_ & other.bits_) != 0; }
  constexpr void Clear() { bits_ = 0; }

 private:
  static_assert(static_cast<unsigned>(HeaderId::kCount) <= 64);
  std::uint64_t bits_ = 0;
};

// Fixed-size table; belongs to a connection and is reused for every head. Never allocates.
class HeaderTable {
 public:
  void Clear() {
    present_.Clear();
    size_ = 0;
  }
  // False when full.
  bool Add(const HeaderField& field) {
    if (size_ == kMaxHeaderFields) return false;
    if (!present_.Has(field.id)) {
      present_.Add(field.id);
      first_[static_cast<std::size_t>(field.id)] = size_;
    }
    fields_[size_++] = field;
    return true;
  }

  std::span<const HeaderField> fields() const { return {fields_.data(), size_}; }
  std::size_t size() const { return size_; }

  bool Has(HeaderId id) const { return present_.Has(id); }
  bool HasAny(HeaderIdSet ids) const { return present_.Meets(ids); }
  // Value of the first field of that id, or an empty view. Not for kOther.
  std::string_view Get(HeaderId id) const { return Has(id) ? fields_[first_[static_cast<std::size_t>(id)]].value : std::string_view(); }
  // How many fields of that id there are.
  std::size_t Count(HeaderId id) const;
  // First field of that name, case-insensitive (slow path; prefer ids).
  const HeaderField* Find(std::string_view name) const;

 private:
  std::array<HeaderField, kMaxHeaderFields> fields_;
  std::array<std::uint8_t, static_cast<std::size_t>(HeaderId::kCount)> first_;   // of the ids that are present
  HeaderIdSet present_;
  std::uint8_t size_ = 0;
};

// Id of a field name, case-insensitive; kOther when it is none of ours.
HeaderId IdentifyHeader(std::string_view name);
// ASCII case-insensitive equality.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace sallyport::http
