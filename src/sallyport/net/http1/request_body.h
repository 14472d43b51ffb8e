// SPDX-License-Identifier: Apache-2.0
// Takes the framing off a request's body, piece by piece, from bytes that somebody else reads.
//
// Counts what passes and fails with kBodyTooLarge beyond the limit. Pure.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "sallyport/http/framing.h"
#include "sallyport/net/errc.h"

namespace sallyport::net {

class RequestBody {
 public:
  void Begin(const http::Framing& framing);
  void set_limit(std::uint64_t max) { limit_ = max; }

  // False when the declared length is beyond the limit.
  bool within_limit() const { return framing_.length <= limit_; }
  bool done() const { return done_; }
  std::uint64_t received() const { return received_; }
  // Of a kLength body, what is still to come.
  std::uint64_t remaining() const { return remaining_; }

  // Takes the next piece from the front of `raw`, which shrinks by what was used. Empty: done(), or more is needed.
  // Errors: kBodyTooLarge, http::Errc::kFraming.
  Result<std::string_view> Take(std::string_view& raw);

 private:
  Result<std::string_view> TakeChunk(std::string_view& raw);

  http::Framing framing_;
  http::ChunkedDecoder decoder_;
  std::uint64_t remaining_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t limit_ = std::numeric_limits<std::uint64_t>::max();
  bool done_ = true;
};

}  // namespace sallyport::net
