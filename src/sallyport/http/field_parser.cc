// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/field_parser.h"

#include <emmintrin.h>

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

// Names hold almost only letters, digits and '-'; the rest of the token characters take the table.
const char* ScanName(const char* at, const char* end) {
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i usual = _mm_or_si128(_mm_or_si128(InRange(_mm_or_si128(bytes, Splat(0x20)), 'a', 25), InRange(bytes, '0', 9)),
                                       _mm_cmpeq_epi8(bytes, Splat('-')));
    const unsigned other = static_cast<unsigned>(_mm_movemask_epi8(usual)) ^ 0xffffu;
    if (other == 0) {
      at += 16;
      continue;
    }
    at += std::countr_zero(other);
    if (!Is(*at, char_class::kToken)) return at;
    ++at;
  }
  while (at < end && Is(*at, char_class::kToken)) ++at;
  return at;
}

inline const char* ScanText(const char* at, const char* end) {
  while (end - at >= 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, Splat(0x1f)), bytes);
    const __m128i bad = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, Splat('\t')), control),
                                     _mm_cmpeq_epi8(bytes, Splat(0x7f)));
    if (const unsigned mask = static_cast<unsigned>(_mm_movemask_epi8(bad)); mask != 0) return at + std::countr_zero(mask);
    at += 16;
  }
  while (at < end && Is(*at, char_class::kFieldText)) ++at;
  return at;
}

}  // namespace

const char* ScanFieldText(const char* at, const char* end) { return ScanText(at, end); }

ParseStatus ParseFields(const char*& position, const char* end, std::size_t max_fields, HeaderTable& out) {
  const char* at = position;
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
    while (at < end && IsBlank(*at)) ++at;
    const char* const value = at;
    at = ScanText(at, end);
    if (end - at < 2) return at < end && *at != '\r' ? ParseStatus::kMalformed : ParseStatus::kPartial;
    if (at[0] != '\r' || at[1] != '\n') return ParseStatus::kMalformed;
    const char* value_end = at;
    while (value_end > value && IsBlank(value_end[-1])) --value_end;
    field.value = {value, static_cast<std::size_t>(value_end - value)};
    field.id = known_headers::Identify(field.name);
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
