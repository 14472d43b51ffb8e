// SPDX-License-Identifier: Apache-2.0
// Media types (RFC 9110 §8.3.1) and what a client would like to get (§12.5.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

// True when the type of `content_type` is `type` ("text/html"), whatever its parameters; case-insensitive.
bool IsMediaType(std::string_view content_type, std::string_view type);
// application/json or application/*+json.
bool IsJsonType(std::string_view content_type);
// Value of a parameter, unquoted; nullopt when missing, repeated or not well formed.
std::optional<std::string> MediaTypeParameter(std::string_view content_type, std::string_view name);

// Thousandths, of one range of an Accept or Accept-Language list: "text/html;q=0.8" → 800; anything odd is 0, so that it is
// not preferred.
int QualityOf(std::string_view range);

enum class Preference : std::uint8_t { kNone /* says nothing, or accepts neither */, kJson, kHtml };
// By q value, then by specificity, then HTML before JSON. "*/*" alone is kNone.
Preference PreferredFormat(std::string_view accept);

}  // namespace sallyport::http
