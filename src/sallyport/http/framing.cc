// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/framing.h"

#include <charconv>

#include "sallyport/http/field_list.h"
#include "sallyport/http/head_writer.h"

namespace sallyport::http {
namespace {

// What the Connection fields say.
struct ConnectionOptions {
  bool close = false;
  bool keep_alive = false;
  bool odd = false;   // what is no field name

  void Read(std::string_view list) {
    ListCursor cursor(list);
    for (std::string_view option; cursor.Next(option);) {
      if (EqualsIgnoreCase(option, "keep-alive")) keep_alive = true;
      else if (EqualsIgnoreCase(option, "close")) close = true;
      else odd |= !IsFieldName(option);
    }
  }
};

ConnectionOptions ReadConnection(const HeaderTable& fields) {
  ConnectionOptions options;
  if (!fields.Has(HeaderId::kConnection)) return options;
  for (const HeaderField& field : fields.fields())
    if (field.id == HeaderId::kConnection) options.Read(field.value);
  return options;
}

Result<std::uint64_t> ParseContentLength(std::string_view text) {
  std::uint64_t value = 0;
  // from_chars on an unsigned type takes no sign and no white space; 19 digits cannot overflow.
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.size() > 19 || error != std::errc() || end != text.data() + text.size())
    return Fail(Errc::kFraming, "Content-Length");
  return value;
}

// What Content-Length and Transfer-Encoding say; kNone when there is neither.
Result<Framing> FrameByFields(const HeaderTable& fields, std::uint8_t minor_version, const ConnectionOptions& connection) {
  Framing framing;
  if (fields.Has(HeaderId::kTransferEncoding)) {
    if (fields.Has(HeaderId::kContentLength)) return Fail(Errc::kFraming, "Content-Length with Transfer-Encoding");
    if (minor_version == 0) return Fail(Errc::kFraming, "Transfer-Encoding in HTTP/1.0");
    if (fields.Count(HeaderId::kTransferEncoding) > 1) return Fail(Errc::kFraming, "Transfer-Encoding repeated");
    if (!EqualsIgnoreCase(fields.Get(HeaderId::kTransferEncoding), "chunked"))
      return Fail(Errc::kUnsupportedCoding, "Transfer-Encoding is not exactly chunked");
    framing.kind = BodyKind::kChunked;
  } else if (fields.Has(HeaderId::kContentLength)) {
    if (fields.Count(HeaderId::kContentLength) > 1) return Fail(Errc::kFraming, "Content-Length repeated");
    SALLYPORT_TRY(framing.length, ParseContentLength(fields.Get(HeaderId::kContentLength)));
    framing.kind = BodyKind::kLength;
  }
  framing.keep_alive = !connection.close && (minor_version >= 1 || connection.keep_alive);
  return framing;
}

}  // namespace

Result<Framing> FrameRequest(const RequestHead& head) {
  const ConnectionOptions connection = ReadConnection(head.fields);
  if (connection.odd) return Fail(Errc::kFraming, "Connection names what is no field");
  SALLYPORT_TRY(Framing framing, FrameByFields(head.fields, head.minor_version, connection));
  if (head.fields.Has(HeaderId::kExpect)) {
    if (head.fields.Count(HeaderId::kExpect) > 1 || !EqualsIgnoreCase(head.fields.Get(HeaderId::kExpect), "100-continue"))
      return Fail(Errc::kExpectation);
    // RFC 9110 §10.1.1: from an HTTP/1.0 client it is ignored; without a body there is nothing to wait for.
    framing.expect_continue = head.minor_version >= 1 && framing.kind != BodyKind::kNone;
  }
  return framing;
}

Result<Framing> FrameResponse(const ResponseHead& head, Method request_method) {
  SALLYPORT_TRY(Framing framing, FrameByFields(head.fields, head.minor_version, ReadConnection(head.fields)));
  const bool never_has_body = head.status < 200 || head.status == 204;
  if (never_has_body || head.status == 304 || request_method == Method::kHead) {
    // An upstream that announces a body where there can be none may well send it: its connection is not used again.
    if (never_has_body && (framing.kind == BodyKind::kChunked || framing.length > 0)) framing.keep_alive = false;
    framing.kind = BodyKind::kNone;
    framing.length = 0;
  } else if (framing.kind == BodyKind::kNone) {
    framing.kind = BodyKind::kUntilClose;
    framing.keep_alive = false;
  }
  return framing;
}

}  // namespace sallyport::http
