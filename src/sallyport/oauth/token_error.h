// SPDX-License-Identifier: Apache-2.0
// Error answers of the token, PAR, revocation and userinfo endpoints (RFC 6749 §5.2, RFC 6750 §3) and what they mean to us.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {

// The code for an OAuth `error` value: kAccessDenied, kInvalidGrant, kInvalidClient, kProviderUnavailable
// (temporarily_unavailable, server_error), else kProviderError.
Errc CodeForError(std::string_view error);

// Always an error. `error` of a JSON or urlencoded body decides; without one the status (5xx and 429: kProviderUnavailable,
// 401: kInvalidClient). 5xx never counts as anything else, whatever the body says (S35).
Error ErrorFromAnswer(long status, std::string_view content_type, std::string_view body);

// The error in a body that came with 200 (GitHub answers so), else nullopt.
std::optional<Error> ErrorInside(const json::object& body);

// A provider's text, fit for a log line: printable ASCII, at most 200 bytes, long runs that could be tokens left out (S62).
std::string LogText(std::string_view text);

}  // namespace sallyport::oauth
