// SPDX-License-Identifier: Apache-2.0
// Decides, once, how a message's body is delimited (RFC 9112 §6) and whether the connection may persist (§9).
//
// Refuses with kFraming: Content-Length together with Transfer-Encoding, Content-Length repeated (even when equal),
// list-valued, signed or not purely digits, Transfer-Encoding in HTTP/1.0 or repeated; with kUnsupportedCoding anything
// but exactly "chunked"; in requests, Connection options that are no tokens. Upgrade and HTTP2-Settings are judged elsewhere.
#pragma once

#include <array>
#include <cstdint>

#include "sallyport/http/request_head.h"
#include "sallyport/http/response_head.h"

namespace sallyport::http {

enum class BodyKind : std::uint8_t { kNone, kLength, kChunked, kUntilClose /* responses only */ };

struct Framing {
  BodyKind kind = BodyKind::kNone;
  std::uint64_t length = 0;       // for kLength
  bool keep_alive = true;         // as the sender wants it (Connection, version)
  bool expect_continue = false;   // requests: Expect: 100-continue
};

Result<Framing> FrameRequest(const RequestHead& head);
// `request_method` decides for HEAD; 1xx, 204 and 304 have no body. 101 is kNone; the caller switches protocols.
Result<Framing> FrameResponse(const ResponseHead& head, Method request_method);

// Incremental chunked decoder (RFC 9112 §7.1): strict sizes (at most 16 hex digits), CRLF only;
// extensions are checked for form, bounded (8 KiB a message) and ignored; trailers checked, bounded (8 KiB), dropped;
// a trailer that would frame, route or persist (RFC 9110 §6.5.1) is refused.
class ChunkedDecoder {
 public:
  struct Step {
    std::size_t consumed = 0;       // bytes of the input that are done with
    std::string_view data;          // body bytes within the input; may be empty
    bool done = false;              // last chunk and trailers were read
  };
  // Call again with the rest until `consumed` is 0 and data is empty (needs more input) or done. Error: kFraming.
  Result<Step> Feed(std::string_view input);
  void Reset();

 private:
  bool FeedExtension(char c);
  bool FeedTrailer(char c);
  Result<Step> FeedOverhead(std::string_view input);

  enum class State : std::uint8_t { kSize, kExtension, kSizeLf, kData, kDataCr, kDataLf, kTrailerStart, kTrailer, kTrailerLf, kEndLf, kDone };
  State state_ = State::kSize;
  std::uint64_t remaining_ = 0;
  std::uint32_t digits_ = 0;
  std::uint32_t overhead_ = 0;
  std::uint8_t part_ = 0;  // where in an extension or a trailer field
  std::array<char, 20> name_{};  // of a trailer field; `digits_` is its length
};

}  // namespace sallyport::http
