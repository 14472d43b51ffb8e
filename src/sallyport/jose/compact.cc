// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/compact.h"

#include "sallyport/jose/base64url.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {

Result<json::object> ReadProtectedHeader(std::string_view segment) {
  if (segment.size() > kMaxHeaderBytes) return Fail(Errc::kTooLarge, "protected header");
  SALLYPORT_TRY(std::string text, DecodeBase64Url(segment));
  auto header = ParseJsonObject(text, {.max_bytes = kMaxHeaderBytes, .max_depth = 8});
  if (!header) return Fail(Errc::kMalformed, "protected header: " + header.error().detail);
  // No extension is implemented, so whatever `crit` names is unknown (RFC 7515 §4.1.11).
  if (header->contains("crit")) return Fail(Errc::kUnknownCritical);
  for (const std::string_view name : {"jwk", "jku", "x5u", "x5c", "b64", "zip"})
    if (header->contains(name)) return Fail(Errc::kUnsafeHeader, std::string(name));
  return header;
}

Result<std::string> HeaderText(const json::object& header, std::string_view name) {
  if (!header.contains(name)) return std::string();
  const auto text = GetString(header, name);
  if (!text) return Fail(Errc::kMalformed, "header member " + std::string(name) + " is no string");
  return std::string(*text);
}

}  // namespace sallyport::jose
