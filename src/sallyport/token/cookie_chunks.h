// SPDX-License-Identifier: Apache-2.0
// Values too long for one cookie, cut the way next-auth does it: `name`, or `name.0`, `name.1`, … (N < 16).
//
// Pure: takes and gives (name, value) pairs as they stand in Cookie; attributes are the caller's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/token/next_auth_jwe.h"

namespace sallyport::token {

inline constexpr std::size_t kMaxCookieChunks = 16;
constexpr std::size_t ChunkSize(NextAuthVersion version) { return version == NextAuthVersion::kV4 ? 3933 : 3936; }

struct CookieChunk {
  std::string name;
  std::string value;
  bool operator==(const CookieChunk&) const = default;
};

// One chunk keeps the plain name. kTooLarge when more than kMaxCookieChunks would be needed.
Result<std::vector<CookieChunk>> SplitCookie(std::string_view name, std::string_view value, std::size_t chunk_size);

using CookiePair = std::pair<std::string_view, std::string_view>;

// The whole values that the request's cookies may mean, without duplicates: each value of the
// plain name, and the chunks in numeric order. A chunk that comes twice (another path or domain, S3) gives one candidate
// for its first and one for its second appearance. Sets with a gap (no `.0`, or a missing middle) give none.
// The caller opens each: exactly one distinct success counts. More than kMaxCookieCandidates (one more is given, then it
// stops): nobody can say which they all are, so none may count.
inline constexpr std::size_t kMaxCookieCandidates = 4;
std::vector<std::string> JoinCookie(std::span<const CookiePair> cookies, std::string_view name);

// Names seen in the request that belong to `name` (itself, or with a number below kMaxCookieChunks), without duplicates:
// what sign-out and a shorter new value must delete.
std::vector<std::string> ChunkNamesSeen(std::span<const CookiePair> cookies, std::string_view name);

}  // namespace sallyport::token
