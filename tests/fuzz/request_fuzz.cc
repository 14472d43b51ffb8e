// SPDX-License-Identifier: Apache-2.0
// Requests against two oracles: what we accept (head, target, Host, framing, chunks) Boost.Beast's basic_parser and llhttp
// must accept with the same method, target, fields and body. We may be stricter, never laxer (S25).
//
// Exceptions, where an oracle refuses what we take on purpose:
//  - llhttp knows a fixed list of methods: requests with a method that is kOther to us are not shown to it;
//  - Beast does not skip the empty line that RFC 9112 §2.2 lets come first: it is cut off;
//  - with "Connection: upgrade" llhttp stops behind the head (upgrades are stripped or judged elsewhere): it is not asked.
#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>

#include "llhttp_oracle.h"
#include "sallyport/http/framing.h"
#include "sallyport/http/head_writer.h"
#include "sallyport/http/host.h"
#include "sallyport/http/identity_header.h"
#include "sallyport/http/target.h"
#include "sallyport/http/websocket.h"

namespace beast = boost::beast;
namespace http = sallyport::http;
using sallyport::fuzz::Message;

namespace {

class BeastOracle : public beast::http::basic_parser<true> {
 public:
  Message message;
  BeastOracle() {
    header_limit(1 << 20);
    body_limit(boost::none);
    eager(true);
  }

 private:
  using error_code = beast::error_code;
  using string_view = beast::string_view;
  void on_request_impl(beast::http::verb, string_view method, string_view target, int, error_code&) override {
    message.start = std::string(method);
    message.target = std::string(target);
  }
  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_field_impl(beast::http::field, string_view name, string_view value, error_code&) override {
    if (!in_body_) message.fields.emplace_back(std::string(name), std::string(sallyport::fuzz::TrimBlanks({value.data(), value.size()})));
  }
  void on_header_impl(error_code&) override { in_body_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  std::size_t on_body_impl(string_view body, error_code&) override {
    message.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, string_view, error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code&) override {
    message.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(error_code&) override { message.complete = true; }
  bool in_body_ = false;
};

Message ReadWithBeast(std::string_view bytes) {
  BeastOracle oracle;
  std::size_t at = 0;
  while (at < bytes.size() && !oracle.message.complete) {
    beast::error_code error;
    const std::size_t used = oracle.put(boost::asio::const_buffer(bytes.data() + at, bytes.size() - at), error);
    at += used;
    if (error == beast::http::error::need_more && used == 0) break;
    if (error && error != beast::http::error::need_more) std::fprintf(stderr, "beast: %s\n", error.message().c_str());
    FUZZ_EXPECT(!error || error == beast::http::error::need_more);
  }
  return oracle.message;
}

// Our body, and how many bytes of `rest` it took; false when it is refused.
bool ReadBody(std::string_view rest, const http::Framing& framing, Message& out, std::size_t& used) {
  if (framing.kind != http::BodyKind::kChunked) {
    used = static_cast<std::size_t>(std::min<std::uint64_t>(framing.length, rest.size()));
    out.body = rest.substr(0, used);
    out.complete = used == framing.length;
    return true;
  }
  http::ChunkedDecoder decoder;
  for (used = 0; used < rest.size() && !out.complete;) {
    const auto step = decoder.Feed(rest.substr(used));
    if (!step) return false;
    FUZZ_EXPECT(step->consumed > 0);
    out.body += step->data;
    used += step->consumed;
    out.complete = step->done;
  }
  return true;
}

// However the bytes arrive, the head is the same.
void ExpectSameInPieces(std::string_view bytes, std::size_t whole, const http::HeadLimits& limits) {
  http::RequestHead head;
  std::size_t scanned = 0;
  for (std::size_t size = 1 + bytes.size() % 7; size < whole; size += 1 + size % 5) {
    const auto used = http::ParseRequestHead(bytes.substr(0, size), scanned, limits, head);
    FUZZ_EXPECT(used && *used == 0);
    scanned = size;
  }
  const auto used = http::ParseRequestHead(bytes.substr(0, whole), scanned, limits, head);
  FUZZ_EXPECT(used && *used == whole);
}

// What is written again is read again as the same fields.
void ExpectRewrites(const http::RequestHead& head) {
  std::string out;
  http::HeadEdits edits;
  http::WriteHead(out, "GET / HTTP/1.1", head.fields.fields(), edits);
  http::RequestHead again;
  const auto used = http::ParseRequestHead(out, 0, {.max_head_bytes = 1 << 20}, again);
  FUZZ_EXPECT(used && *used == out.size() && again.fields.size() == head.fields.size());
  for (std::size_t i = 0; i < again.fields.size(); ++i) {
    FUZZ_EXPECT(again.fields.fields()[i].name == head.fields.fields()[i].name);
    FUZZ_EXPECT(again.fields.fields()[i].value == head.fields.fields()[i].value);
  }
  http::MarkHopByHop(head.fields, edits.drop);
  http::MarkIdentityHeaders(head.fields, edits.drop);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // An exact copy on the heap, so that ASan sees a read beyond the end.
  const std::unique_ptr<char[]> copy(new char[size]);
  std::copy_n(reinterpret_cast<const char*>(data), size, copy.get());
  const std::string_view bytes(copy.get(), size);
  const http::HeadLimits limits;
  http::RequestHead head;
  const auto head_size = http::ParseRequestHead(bytes, 0, limits, head);
  if (!head_size || *head_size == 0) return 0;
  ExpectSameInPieces(bytes, *head_size, limits);
  ExpectRewrites(head);

  std::string scratch;
  const auto target = http::CanonicalTarget(head.raw_target, head.method, scratch);
  const auto framing = http::FrameRequest(head);
  if (!target || !framing || !http::RequestAuthority(head, *target)) return 0;
  (void)http::CheckWebSocketRequest(head, *framing);

  Message ours;
  ours.start = head.method_name;
  ours.target = head.raw_target;
  for (const auto& field : head.fields.fields()) ours.fields.emplace_back(field.name, field.value);
  std::size_t body_size = 0;
  if (!ReadBody(bytes.substr(*head_size), *framing, ours, body_size)) return 0;
  if (!ours.complete) {
    // Only the heads can be compared: how much of an unfinished body is reported is up to the parser.
    body_size = 0;
    ours.body.clear();
  }
  const std::string_view message = bytes.substr(0, *head_size + body_size);

  sallyport::fuzz::ExpectSame("beast", ours, ReadWithBeast(message.substr(message.starts_with("\r\n") ? 2 : 0)));
  if (head.method == http::Method::kOther || head.fields.Has(http::HeaderId::kUpgrade)) return 0;
  sallyport::fuzz::LlhttpOracle oracle(HTTP_REQUEST);
  const auto theirs = oracle.Read(message, false);
  if (oracle.refused_extension) return 0;
  FUZZ_EXPECT(theirs);
  sallyport::fuzz::ExpectSame("llhttp", ours, *theirs);
  return 0;
}
