// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/websocket.h"

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

// Base64 of 16 bytes: 22 characters and "==". The last character carries two bits of data only.
bool IsKey(std::string_view key) {
  if (key.size() != 24 || !key.ends_with("==")) return false;
  for (const char c : key.substr(0, 22))
    if (!Is(c, char_class::kAlphanumeric) && c != '+' && c != '/') return false;
  return std::string_view("AQgw").find(key[21]) != std::string_view::npos;
}

bool IsOnly(const HeaderTable& fields, HeaderId id, std::string_view value) {
  return fields.Count(id) == 1 && EqualsIgnoreCase(fields.Get(id), value);
}

}  // namespace

bool AsksForWebSocket(const RequestHead& head) { return FieldHasToken(head.fields, HeaderId::kUpgrade, "websocket"); }

Result<void> CheckWebSocketRequest(const RequestHead& head, const Framing& framing) {
  const auto fail = [](const char* why) { return Fail(Errc::kMalformed, why); };
  if (head.method != Method::kGet || head.minor_version < 1) return fail("websocket: not an HTTP/1.1 GET");
  if (framing.kind == BodyKind::kChunked || framing.length > 0) return fail("websocket: with a body");
  if (!IsOnly(head.fields, HeaderId::kUpgrade, "websocket")) return fail("websocket: Upgrade names something else too");
  if (!FieldHasToken(head.fields, HeaderId::kConnection, "upgrade")) return fail("websocket: Connection without upgrade");
  if (!IsOnly(head.fields, HeaderId::kSecWebSocketVersion, "13")) return fail("websocket: version");
  if (head.fields.Count(HeaderId::kSecWebSocketKey) != 1 || !IsKey(head.fields.Get(HeaderId::kSecWebSocketKey)))
    return fail("websocket: key");
  return {};
}

bool IsWebSocketAccepted(const ResponseHead& head, std::string_view expected_accept) {
  return head.status == 101 && IsOnly(head.fields, HeaderId::kUpgrade, "websocket") &&
         FieldHasToken(head.fields, HeaderId::kConnection, "upgrade") &&
         head.fields.Count(HeaderId::kSecWebSocketAccept) == 1 &&
         head.fields.Get(HeaderId::kSecWebSocketAccept) == expected_accept;
}

}  // namespace sallyport::http
