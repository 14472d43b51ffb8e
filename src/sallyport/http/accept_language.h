// SPDX-License-Identifier: Apache-2.0
// Which of our languages a client would like best (RFC 9110 §12.5.4, RFC 4647 §3.4 lookup). Pure; looks at 32 ranges at most.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sallyport::http {

// `available`: lower-case tags, "en", "pt-br". A range also matches by what is left of it without its last subtags, so that
// "de-AT" finds "de". By q value, then by the client's order. Empty: none is asked for.
std::string_view PreferredLanguage(std::string_view accept_language, std::span<const std::string> available);

}  // namespace sallyport::http
