// SPDX-License-Identifier: Apache-2.0
// CSRF on proxied unsafe methods by cookie session (WIRE.md §3, S10).
//
// Origin first: Sec-Fetch-Site same-origin or none, else Origin equal to ours, both absent refused. With Csrf::kToken the
// session-bound token must come too: in a header that csurf or axios knows, or in the form field `_csrf` within the first
// 16 KiB of the body, which is forwarded unchanged.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "sallyport/async/task.h"
#include "sallyport/gateway/options.h"
#include "sallyport/net/exchange.h"

namespace sallyport::gateway {

enum class CsrfVerdict : std::uint8_t { kPassed, kBadOrigin, kBadToken, kAskForm };

// Judges by the head alone. kAskForm: no token header came, but the body may be a form that holds one.
CsrfVerdict JudgeCsrf(Csrf policy, const http::RequestHead& head, std::span<const std::string> own_origins,
                      std::string_view session_token);

// Looks into the form for `_csrf`. Reads at most 16 KiB, consumes nothing.
Task<CsrfVerdict> JudgeCsrfForm(net::Exchange& exchange, std::string_view session_token);

// The token that a request header carries, or an empty view: X-XSRF-TOKEN, X-CSRF-Token, XSRF-Token, CSRF-Token.
std::string_view CsrfHeader(const http::HeaderTable& fields);

}  // namespace sallyport::gateway
