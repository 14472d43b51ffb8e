// SPDX-License-Identifier: Apache-2.0
// Sends an answer of our own, with the headers that every one of them has (S8), and makes the refusals of the pipeline.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/async/task.h"
#include "sallyport/gateway/answer.h"
#include "sallyport/gateway/middleware/csrf.h"
#include "sallyport/gateway/options.h"
#include "sallyport/gateway/services.h"
#include "sallyport/net/exchange.h"

namespace sallyport::gateway {

inline constexpr std::string_view kNoStore = "Cache-Control: private, no-cache, no-store\r\n";
// The header lines that every answer of our own has: nosniff, Referrer-Policy: same-origin, HSTS on https.
std::string OwnHeaderLines(const GatewayOptions& options);

// Adds: Cache-Control: no-store unless the answer says otherwise, nosniff, Referrer-Policy: same-origin, HSTS on https,
// X-Request-Id; for HTML the Content-Security-Policy without scripts and with frame-ancestors 'none'.
Task<void> SendOwnAnswer(net::Exchange& exchange, Answer answer, const GatewayOptions& options, std::string_view request_id);

// The answer alone: `lines` are all of its header lines, each with its CRLF; both are kept alive by the caller.
Task<void> SendBlock(net::Exchange& exchange, std::uint16_t status, std::string_view lines, std::string_view body);

// The sign-in page, which leads back to `path_and_query`.
std::string SignInUrl(const GatewayOptions& options, std::string_view path_and_query);
// 302 to sign-in with callbackUrl for navigations; else 401 {"code":"login_required","signin_url":…} with WWW-Authenticate.
// `why` becomes the error of WWW-Authenticate ("invalid_token") and the code; empty: login_required.
Answer LoginRequiredAnswer(const GatewayOptions& options, bool navigation, std::string_view path_and_query, std::string_view why);
// 403 csrf_origin | csrf_token; the latter carries the current token, so that a client can retry once.
Answer CsrfRefusal(CsrfVerdict verdict, std::string_view current_token);
Answer ForbiddenAnswer(bool html, const PagesOptions& pages, std::string_view request_id);
Answer NotFoundAnswer(bool html, const PagesOptions& pages, std::string_view request_id);
// 421: this authority is not ours; says which one is.
Answer MisdirectedAnswer(const Origin& public_url, bool html);
// Unknown path or method below /api/auth.
Answer UnknownEndpointAnswer(const Services& services, const http::RequestHead& head, bool path_known, bool html, std::string_view request_id);

}  // namespace sallyport::gateway
