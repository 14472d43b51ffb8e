// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/http1/answer_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace sallyport::net {
namespace {

void DropTransportFields(const http::HeaderTable& fields, http::FieldMask& drop) {
  using enum http::HeaderId;
  if (!fields.Has(kConnection) && !fields.Has(kKeepAlive) && !fields.Has(kTransferEncoding) && !fields.Has(kContentLength)) return;
  const auto all = fields.fields();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto id = all[i].id;
    if (id == kConnection || id == kKeepAlive || id == kTransferEncoding || id == kContentLength) drop.set(i);
  }
}

// "HTTP/1.1 200 OK" in `line`, which is long enough for every status and a cut phrase.
std::string_view StartLine(std::span<char, 128> line, std::uint16_t status, std::string_view reason) {
  if (status == 200 && reason == "OK") return "HTTP/1.1 200 OK";
  reason = reason.substr(0, 96);
  const auto end = fmt::format_to(line.data(), "HTTP/1.1 {} {}", status, reason);
  return {line.data(), static_cast<std::size_t>(end - line.data())};
}

AnswerBody ChooseBody(BodyFraming framing, std::uint16_t status, AnswerContext& context) {
  AnswerBody body{framing};
  const bool never = status == 204 || status == 304 || status < 200;
  body.sent = framing.kind != BodyFraming::kNone && !never && context.method != http::Method::kHead;
  if (!body.sent || framing.kind != BodyFraming::kStream) return body;
  body.chunked = context.minor_version >= 1;
  body.until_close = !body.chunked;
  if (body.until_close) context.keep_alive = false;
  return body;
}

// `out` ends with the empty line of a head: what the transport adds goes before it.
void AppendTransportFields(std::string& out, std::uint16_t status, const AnswerBody& body, const AnswerContext& context,
                           bool has_date, Timestamp now) {
  out.resize(out.size() - 2);
  if (body.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (body.framing.kind == BodyFraming::kLength && status != 204 && status >= 200) {
    std::array<char, 20> digits;
    const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), body.framing.length).ptr;
    out.append("Content-Length: ").append(digits.data(), static_cast<std::size_t>(end - digits.data())).append("\r\n");
  } else if (body.framing.kind == BodyFraming::kNone && status != 204 && status != 304 && status >= 200 &&
             context.method != http::Method::kHead) {
    out += "Content-Length: 0\r\n";
  }
  if (!has_date) out += DateLine(now);
  if (!context.keep_alive) {
    out += "Connection: close\r\n";
  } else if (context.minor_version == 0) {
    out += "Connection: keep-alive\r\n";
  }
  out += "\r\n";
}

}  // namespace

AnswerBody WriteAnswerHead(std::string& out, const http::ResponseHead& head, const http::HeadEdits& edits,
                           BodyFraming framing, AnswerContext& context, Timestamp now) {
  const AnswerBody body = ChooseBody(framing, head.status, context);
  http::HeadEdits all = edits;
  DropTransportFields(head.fields, all.drop);
  std::array<char, 128> line;
  http::WriteHead(out, StartLine(line, head.status, head.reason), head.fields.fields(), all);
  AppendTransportFields(out, head.status, body, context, head.fields.Has(http::HeaderId::kDate), now);
  return body;
}

AnswerBody WriteAnswerHead(std::string& out, std::uint16_t status, std::span<const http::HeaderField> fields,
                           std::string_view raw_block, BodyFraming framing, AnswerContext& context, Timestamp now) {
  const AnswerBody body = ChooseBody(framing, status, context);
  std::array<char, 128> line;
  http::WriteHead(out, StartLine(line, status, http::ReasonPhrase(status)), {}, {.drop = {}, .add = fields, .raw_block = raw_block});
  AppendTransportFields(out, status, body, context, false, now);
  return body;
}

void WriteInterimHead(std::string& out, const http::ResponseHead& head, const http::HeadEdits& edits,
                      std::string_view upgrade) {
  http::HeadEdits all = edits;
  DropTransportFields(head.fields, all.drop);
  std::array<char, 128> line;
  http::WriteHead(out, StartLine(line, head.status, http::ReasonPhrase(head.status)), head.fields.fields(), all);
  if (upgrade.empty()) return;
  out.resize(out.size() - 2);
  out.append("Connection: Upgrade\r\nUpgrade: ").append(upgrade).append("\r\n\r\n");
}

std::string_view DateLine(Timestamp now) {
  thread_local std::string line;
  thread_local std::int64_t second = -1;
  if (const auto current = UnixSeconds(now); current != second) {
    line = "Date: " + ToHttpDate(now) + "\r\n";
    second = current;
  }
  return line;
}

}  // namespace sallyport::net
