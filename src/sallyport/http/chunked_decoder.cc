// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/framing.h"

namespace sallyport::http {
namespace {

constexpr std::uint32_t kMaxSizeDigits = 16;
constexpr std::uint32_t kMaxOverhead = 8 * 1024;  // all extensions of a message; then again its trailers

// Where in `;name=value` we are.
enum ExtensionPart : std::uint8_t { kNameStart, kName, kValueStart, kValue, kQuoted, kQuotedPair, kAfterQuoted };
// Where in `Name: value` we are.
enum TrailerPart : std::uint8_t { kTrailerName, kTrailerValue };

// Fields that a recipient could mistake for the head's (RFC 9110 §6.5.1).
bool IsForbiddenTrailer(HeaderId id) {
  switch (id) {
    case HeaderId::kTransferEncoding:
    case HeaderId::kContentLength:
    case HeaderId::kConnection:
    case HeaderId::kProxyConnection:
    case HeaderId::kKeepAlive:
    case HeaderId::kUpgrade:
    case HeaderId::kHost:
    case HeaderId::kTe:
    case HeaderId::kTrailer: return true;
    default: return false;
  }
}

}  // namespace

void ChunkedDecoder::Reset() { *this = ChunkedDecoder(); }

// False when `c` does not fit RFC 9112 §7.1.1 (without its "bad" white space).
bool ChunkedDecoder::FeedExtension(char c) {
  const bool token = Is(c, char_class::kToken);
  switch (part_) {
    case kNameStart: part_ = kName; return token;
    case kName:
      if (c == '=') part_ = kValueStart;
      else if (c == ';') part_ = kNameStart;
      else return token;
      return true;
    case kValueStart: part_ = c == '"' ? kQuoted : kValue; return token || c == '"';
    case kValue:
      if (c == ';') part_ = kNameStart;
      return token || c == ';';
    case kQuoted:
      if (c == '"') part_ = kAfterQuoted;
      if (c == '\\') part_ = kQuotedPair;
      return Is(c, char_class::kFieldText);
    case kQuotedPair: part_ = kQuoted; return Is(c, char_class::kFieldText);
    case kAfterQuoted: part_ = kNameStart; return c == ';';
    default: return false;
  }
}

bool ChunkedDecoder::FeedTrailer(char c) {
  if (part_ == kTrailerValue) return Is(c, char_class::kFieldText);
  if (c == ':') {
    part_ = kTrailerValue;
    // A longer name is none of the forbidden ones.
    return digits_ > 0 && (digits_ > name_.size() || !IsForbiddenTrailer(IdentifyHeader({name_.data(), digits_})));
  }
  if (digits_ < name_.size()) name_[digits_] = c;
  ++digits_;
  return Is(c, char_class::kToken);
}

// Everything but the data: byte by byte, until data or the end is reached or the input is used up.
Result<ChunkedDecoder::Step> ChunkedDecoder::FeedOverhead(std::string_view input) {
  const auto fail = [] { return Fail(Errc::kFraming, "chunked coding"); };
  Step step;
  for (const char c : input) {
    if (state_ == State::kData || state_ == State::kDone) break;
    ++step.consumed;
    switch (state_) {
      case State::kSize:
        if (const int digit = HexDigit(c); digit >= 0) {
          if (++digits_ > kMaxSizeDigits) return fail();
          remaining_ = remaining_ * 16 + static_cast<std::uint64_t>(digit);
          break;
        }
        if (digits_ == 0) return fail();
        if (c == ';') {
          state_ = State::kExtension;
          part_ = kNameStart;
        } else if (c == '\r') {
          state_ = State::kSizeLf;
        } else {
          return fail();
        }
        break;
      case State::kExtension:
        if (++overhead_ > kMaxOverhead) return fail();
        if (c == '\r' && (part_ == kName || part_ == kValue || part_ == kAfterQuoted)) state_ = State::kSizeLf;
        else if (!FeedExtension(c)) return fail();
        break;
      case State::kSizeLf:
        if (c != '\n') return fail();
        digits_ = 0;
        if (remaining_ != 0) {
          state_ = State::kData;
        } else {
          state_ = State::kTrailerStart;
          overhead_ = 0;
        }
        break;
      case State::kDataCr:
        if (c != '\r') return fail();
        state_ = State::kDataLf;
        break;
      case State::kDataLf:
        if (c != '\n') return fail();
        state_ = State::kSize;
        break;
      case State::kTrailerStart:
        if (c == '\r') {
          state_ = State::kEndLf;
          break;
        }
        state_ = State::kTrailer;
        part_ = kTrailerName;
        digits_ = 0;
        if (++overhead_ > kMaxOverhead || !FeedTrailer(c)) return fail();
        break;
      case State::kTrailer:
        if (++overhead_ > kMaxOverhead) return fail();
        if (c == '\r' && part_ == kTrailerValue) state_ = State::kTrailerLf;
        else if (!FeedTrailer(c)) return fail();
        break;
      case State::kTrailerLf:
        if (c != '\n') return fail();
        state_ = State::kTrailerStart;
        break;
      case State::kEndLf:
        if (c != '\n') return fail();
        state_ = State::kDone;
        break;
      case State::kData:
      case State::kDone: break;
    }
  }
  return step;
}

Result<ChunkedDecoder::Step> ChunkedDecoder::Feed(std::string_view input) {
  SALLYPORT_TRY(Step step, FeedOverhead(input));
  if (state_ == State::kData && step.consumed < input.size()) {
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size() - step.consumed));
    step.data = input.substr(step.consumed, size);
    step.consumed += size;
    remaining_ -= size;
    if (remaining_ == 0) state_ = State::kDataCr;
  }
  step.done = state_ == State::kDone;
  return step;
}

}  // namespace sallyport::http
