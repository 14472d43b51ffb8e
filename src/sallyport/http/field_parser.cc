// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/field_parser.h"

#include <emmintrin.h>

#include <array>
#include <bit>
#include <cstring>

#include "sallyport/http/char_class.h"
#include "sallyport/http/known_headers.h"

namespace sallyport::http {
namespace {

__m128i Splat(char c) { return _mm_set1_epi8(c); }

// 0xff where low <= byte <= low + span, unsigned.
__m128i InRange(__m128i bytes, char low, char span) {
  const __m128i shifted = _mm_sub_epi8(bytes, Splat(low));
  return _mm_cmpeq_epi8(_mm_min_epu8(shifted, Splat(span)), shifted);
}

// A set bit for each byte that is no letter, digit or '-', of which names nearly only consist.
unsigned UnusualInName(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i usual = _mm_or_si128(_mm_or_si128(InRange(_mm_or_si128(bytes, Splat(0x20)), 'a', 25), InRange(bytes, '0', 9)),
                                     _mm_cmpeq_epi8(bytes, Splat('-')));
  return static_cast<unsigned>(_mm_movemask_epi8(usual)) ^ 0xffffu;
}

// The end of a name. Without a loop for the usual ones: their lengths differ, and no branch predictor could follow it.
inline const char* ScanName(const char* at, const char* end) {
  if (end - at >= 32) {
    if (const unsigned mask = UnusualInName(at) | UnusualInName(at + 16) << 16; mask != 0) {
      at += std::countr_zero(mask);
      if (!Is(*at, char_class::kToken)) return at;
    }
  }
  while (at < end && Is(*at, char_class::kToken)) ++at;
  return at;
}

// A set bit for each byte that a value may not hold.
unsigned BadText(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, Splat(0x1f)), bytes);
  const __m128i bad = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, Splat('\t')), control), _mm_cmpeq_epi8(bytes, Splat(0x7f)));
  return static_cast<unsigned>(_mm_movemask_epi8(bad));
}

// Finds where values end. The masks of 64 bytes are made once, for all the values that lie in them; asked in rising order.
class TextScanner {
 public:
  TextScanner(const char* begin, const char* end) : chunk_(begin), end_(end), here_(Mask(begin)), next_(Mask(begin + kChunk)) {}

  // First byte at or after `at` that a value may not hold, or the end.
  const char* Scan(const char* at) {
    for (;;) {
      while (at - chunk_ >= kChunk) Advance();
      const auto offset = static_cast<unsigned>(at - chunk_);
      // A shift by 64 would be undefined: two smaller ones.
      const std::uint64_t bad = here_ >> offset | (next_ << (63 - offset)) << 1;
      if (bad != 0) return at + std::countr_zero(bad);
      at += kChunk;
    }
  }

 private:
  static constexpr std::ptrdiff_t kChunk = 64;

  static std::uint64_t BadInChunk(const char* at) {
    return BadText(at) | std::uint64_t{BadText(at + 16)} << 16 | std::uint64_t{BadText(at + 32)} << 32 | std::uint64_t{BadText(at + 48)} << 48;
  }
  // Bytes behind the end count as bad.
  std::uint64_t Mask(const char* at) const {
    const std::ptrdiff_t left = end_ - at;
    if (left >= kChunk) return BadInChunk(at);
    if (left <= 0) return ~std::uint64_t{0};
    std::array<char, kChunk> copy{};
    std::memcpy(copy.data(), at, static_cast<std::size_t>(left));
    return BadInChunk(copy.data()) | ~std::uint64_t{0} << left;
  }
  void Advance() {
    chunk_ += kChunk;
    here_ = next_;
    next_ = Mask(chunk_ + kChunk);
  }

  const char* chunk_;
  const char* const end_;
  std::uint64_t here_, next_;
};

}  // namespace

const char* ScanFieldText(const char* at, const char* end) { return TextScanner(at, end).Scan(at); }

const char* ScanTargetText(const char* at, const char* end) {
  for (; end - at >= 16; at += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const unsigned other = static_cast<unsigned>(_mm_movemask_epi8(InRange(bytes, '!', '~' - '!'))) ^ 0xffffu;
    if (other != 0) return at + std::countr_zero(other);
  }
  while (at < end && Is(*at, char_class::kTargetText)) ++at;
  return at;
}

ParseStatus ParseFields(const char*& position, const char* end, std::size_t max_fields, HeaderTable& out) {
  const char* at = position;
  TextScanner values(at, end);
  for (;;) {
    if (at == end) return ParseStatus::kPartial;
    if (*at == '\r') {
      if (end - at < 2) return ParseStatus::kPartial;
      if (at[1] != '\n') return ParseStatus::kMalformed;
      position = at + 2;
      return ParseStatus::kDone;
    }
    const char* const name = at;
    at = ScanName(at, end);
    if (at == end) return ParseStatus::kPartial;
    if (*at != ':' || at == name) return ParseStatus::kMalformed;
    HeaderField field;
    field.name = {name, static_cast<std::size_t>(at - name)};
    ++at;
    if (end - at >= 2 && *at == ' ') ++at;   // mostly there is one
    while (at < end && IsBlank(*at)) ++at;
    const char* const value = at;
    at = values.Scan(at);
    if (end - at < 2) return at < end && *at != '\r' ? ParseStatus::kMalformed : ParseStatus::kPartial;
    if (at[0] != '\r' || at[1] != '\n') return ParseStatus::kMalformed;
    const char* value_end = at;
    while (value_end > value && IsBlank(value_end[-1])) --value_end;
    field.value = {value, static_cast<std::size_t>(value_end - value)};
    field.id = end - name >= 8 ? known_headers::Identify(field.name) : IdentifyHeader(field.name);
    // White space behind them is legal, but parsers differ on "chunked\t" (llhttp: not chunked).
    if (value_end != at && (field.id == HeaderId::kTransferEncoding || field.id == HeaderId::kContentLength)) return ParseStatus::kMalformed;
    at += 2;
    if (out.size() >= max_fields || !out.Add(field)) return ParseStatus::kTooMany;
  }
}

bool MayHoldHeadEnd(std::string_view buffer, std::size_t already_scanned) {
  if (already_scanned == 0) return true;
  std::size_t at = already_scanned;
  while (at < buffer.size()) {
    const void* const found = std::memchr(buffer.data() + at, '\n', buffer.size() - at);
    if (found == nullptr) return false;
    const std::size_t lf = static_cast<std::size_t>(static_cast<const char*>(found) - buffer.data());
    if (lf == 0 || buffer[lf - 1] != '\r') return true;
    if (lf >= 3 && buffer[lf - 2] == '\n') return true;
    at = lf + 1;
  }
  return false;
}

}  // namespace sallyport::http
