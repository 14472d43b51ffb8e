// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/http1/request_body.h"

#include <algorithm>

namespace sallyport::net {

void RequestBody::Begin(const http::Framing& framing) {
  framing_ = framing;
  remaining_ = framing.length;
  received_ = 0;
  limit_ = std::numeric_limits<std::uint64_t>::max();
  done_ = framing.kind == http::BodyKind::kNone || (framing.kind == http::BodyKind::kLength && framing.length == 0);
  if (framing.kind == http::BodyKind::kChunked) decoder_.Reset();
}

Result<std::string_view> RequestBody::Take(std::string_view& raw) {
  if (done_) return std::string_view();
  if (framing_.kind == http::BodyKind::kChunked) return TakeChunk(raw);
  if (framing_.length > limit_) return Fail(Errc::kBodyTooLarge);
  const auto piece = raw.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(raw.size(), remaining_)));
  raw.remove_prefix(piece.size());
  remaining_ -= piece.size();
  received_ += piece.size();
  done_ = remaining_ == 0;
  return piece;
}

Result<std::string_view> RequestBody::TakeChunk(std::string_view& raw) {
  for (;;) {
    SALLYPORT_TRY(const auto step, decoder_.Feed(raw));
    raw.remove_prefix(step.consumed);
    done_ = step.done;
    received_ += step.data.size();
    if (received_ > limit_) return Fail(Errc::kBodyTooLarge);
    if (!step.data.empty() || step.done || step.consumed == 0) return step.data;
  }
}

}  // namespace sallyport::net
