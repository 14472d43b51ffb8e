// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/cookie_chunks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sallyport/token/errc.h"

namespace sallyport::token {
namespace {

// N of "name.N": canonical decimal below kMaxCookieChunks.
std::optional<std::size_t> ChunkIndex(std::string_view cookie, std::string_view name) {
  if (cookie.size() < name.size() + 2 || !cookie.starts_with(name) || cookie[name.size()] != '.') return std::nullopt;
  const std::string_view digits = cookie.substr(name.size() + 1);
  if (digits.size() > 2 || (digits.size() == 2 && digits[0] == '0')) return std::nullopt;
  std::size_t index = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return std::nullopt;
    index = index * 10 + static_cast<std::size_t>(digit - '0');
  }
  return index < kMaxCookieChunks ? std::optional(index) : std::nullopt;
}

void AddUnique(std::vector<std::string>& out, std::string value) {
  if (std::find(out.begin(), out.end(), value) == out.end()) out.push_back(std::move(value));
}

// Each chunk's `appearance`-th value joined; where a chunk came fewer times, its last one. Empty for a set with a gap.
std::string JoinAppearance(const std::array<std::vector<std::string_view>, kMaxCookieChunks>& chunks, std::size_t count,
                           std::size_t appearance) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) {
    if (chunks[i].empty()) return {};
    out += chunks[i][std::min(appearance, chunks[i].size() - 1)];
  }
  return out;
}

}  // namespace

Result<std::vector<CookieChunk>> SplitCookie(std::string_view name, std::string_view value, std::size_t chunk_size) {
  std::vector<CookieChunk> out;
  if (value.size() <= chunk_size) {
    out.push_back({std::string(name), std::string(value)});
    return out;
  }
  if (value.size() > chunk_size * kMaxCookieChunks) return Fail(Errc::kTooLarge, "cookie value");
  for (std::size_t at = 0; at < value.size(); at += chunk_size)
    out.push_back({std::string(name) + "." + std::to_string(out.size()), std::string(value.substr(at, chunk_size))});
  return out;
}

std::vector<std::string> JoinCookie(std::span<const CookiePair> cookies, std::string_view name) {
  std::vector<std::string> out;
  std::array<std::vector<std::string_view>, kMaxCookieChunks> chunks;
  std::size_t count = 0;
  for (const auto& [cookie, value] : cookies) {
    if (cookie == name) {
      if (!value.empty() && out.size() <= kMaxCookieCandidates) AddUnique(out, std::string(value));
    } else if (const auto index = ChunkIndex(cookie, name); index && !value.empty()) {
      chunks[*index].push_back(value);
      count = std::max(count, *index + 1);
    }
  }
  std::size_t appearances = 0;
  for (const auto& values : chunks) appearances = std::max(appearances, values.size());
  for (std::size_t i = 0; i < std::min(appearances, kMaxCookieCandidates + 1) && out.size() <= kMaxCookieCandidates; ++i)
    if (std::string joined = JoinAppearance(chunks, count, i); !joined.empty()) AddUnique(out, std::move(joined));
  return out;
}

std::vector<std::string> ChunkNamesSeen(std::span<const CookiePair> cookies, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& [cookie, value] : cookies)
    if (cookie == name || ChunkIndex(cookie, name)) AddUnique(out, std::string(cookie));
  return out;
}

}  // namespace sallyport::token
