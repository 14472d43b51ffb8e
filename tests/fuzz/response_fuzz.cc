// SPDX-License-Identifier: Apache-2.0
// Answers of upstreams against llhttp: what we accept it must accept with the same status, fields and body (S25).
//
// The first byte chooses the request's method. Exceptions: 101 and answers with an Upgrade field (llhttp stops behind the
// head), and 1xx or 204 that announce a body (we drop the connection behind them, llhttp reads on).
#include <algorithm>
#include <cstdint>

#include "llhttp_oracle.h"
#include "sallyport/http/framing.h"
#include "sallyport/http/websocket.h"

namespace http = sallyport::http;
using sallyport::fuzz::Message;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const http::Method method = data[0] % 2 == 0 ? http::Method::kGet : http::Method::kHead;
  const std::unique_ptr<char[]> copy(new char[size - 1]);
  std::copy_n(reinterpret_cast<const char*>(data) + 1, size - 1, copy.get());
  const std::string_view bytes(copy.get(), size - 1);

  http::ResponseHead head;
  const auto head_size = http::ParseResponseHead(bytes, 0, {}, head);
  if (!head_size || *head_size == 0) return 0;
  for (std::size_t cut = 0; cut < *head_size; cut += 1 + cut % 3) {
    http::ResponseHead part;
    FUZZ_EXPECT(http::ParseResponseHead(bytes.substr(0, cut), cut == 0 ? 0 : cut - 1, {}, part) == std::size_t{0});
  }
  FUZZ_EXPECT(head.status >= 100 && head.status <= 599);
  (void)http::IsWebSocketAccepted(head, "x");
  const auto framing = http::FrameResponse(head, method);
  if (!framing) return 0;

  Message ours;
  ours.start = std::to_string(head.status);
  for (const auto& field : head.fields.fields()) ours.fields.emplace_back(field.name, field.value);
  std::string_view rest = bytes.substr(*head_size);
  std::size_t used = 0;
  switch (framing->kind) {
    case http::BodyKind::kNone: ours.complete = true; break;
    case http::BodyKind::kUntilClose:
      used = rest.size();
      ours.body = rest;
      ours.complete = true;
      break;
    case http::BodyKind::kLength:
      used = static_cast<std::size_t>(std::min<std::uint64_t>(framing->length, rest.size()));
      ours.body = rest.substr(0, used);
      ours.complete = used == framing->length;
      break;
    case http::BodyKind::kChunked: {
      http::ChunkedDecoder decoder;
      while (used < rest.size() && !ours.complete) {
        const auto step = decoder.Feed(rest.substr(used));
        if (!step) return 0;
        FUZZ_EXPECT(step->consumed > 0);
        ours.body += step->data;
        used += step->consumed;
        ours.complete = step->done;
      }
    }
  }
  const bool announces = head.fields.Has(http::HeaderId::kTransferEncoding) || head.fields.Has(http::HeaderId::kContentLength);
  if (head.fields.Has(http::HeaderId::kUpgrade) || head.status == 101 || ((head.status < 200 || head.status == 204) && announces)) return 0;
  if (!ours.complete) {
    used = 0;
    ours.body.clear();
  }
  sallyport::fuzz::LlhttpOracle oracle(HTTP_RESPONSE);
  oracle.skip_body = method == http::Method::kHead || head.status == 304;  // it leaves both to its caller
  const auto theirs = oracle.Read(bytes.substr(0, *head_size + used), framing->kind == http::BodyKind::kUntilClose);
  if (oracle.refused_extension) return 0;
  FUZZ_EXPECT(theirs);
  sallyport::fuzz::ExpectSame("llhttp", ours, *theirs);
  return 0;
}
