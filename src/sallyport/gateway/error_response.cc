// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/error_response.h"

#include <fmt/format.h>

#include "sallyport/async/errc.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/log.h"
#include "sallyport/base/log_pace.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/errc.h"
#include "sallyport/http/response_head.h"
#include "sallyport/net/errc.h"
#include "sallyport/session/errc.h"
#include "sallyport/signin/errc.h"
#include "sallyport/store/errc.h"

namespace sallyport::gateway {
namespace {

ErrorShape ShapeOfHttp(http::Errc code) {
  using enum http::Errc;
  switch (code) {
    case kMalformed: return {.status = 400, .code = "malformed_request", .title = "The request is not valid HTTP", .close = true};
    case kFraming: return {.status = 400, .code = "bad_framing", .title = "The request's length is ambiguous", .close = true};
    case kUnsupportedCoding: return {.status = 400, .code = "bad_framing", .title = "The transfer coding is not supported", .close = true};
    case kBadTarget: return {.status = 400, .code = "bad_target", .title = "The address cannot be understood"};
    case kBadHost: return {.status = 400, .code = "bad_host", .title = "The Host header is missing or not valid", .close = true};
    case kTargetTooLong: return {.status = 414, .code = "target_too_long", .title = "The address is too long", .close = true};
    case kHeadTooLarge: return {.status = 431, .code = "head_too_large", .title = "The request's headers are too large", .close = true};
    case kVersion: return {.status = 505, .code = "http_version", .title = "HTTP/1.0 and HTTP/1.1 are spoken here", .close = true};
    case kMethodNotAllowed: return {.status = 405, .code = "method_not_allowed", .title = "This method is not allowed", .close = true};
    case kExpectation: return {.status = 417, .code = "expectation_failed", .title = "This expectation cannot be met", .close = true};
    case kBodyTooLarge: return {.status = 413, .code = "body_too_large", .title = "The request's body is too large", .close = true};
    case kBadForm: return {.status = 400, .code = "bad_form", .title = "The form data cannot be read"};
    case kBadCookie: break;
  }
  return {.status = 400, .code = "bad_request", .title = "Bad request", .close = true};
}

ErrorShape ShapeOfNet(net::Errc code) {
  using enum net::Errc;
  switch (code) {
    case kTimeout: return {.status = 408, .code = "request_timeout", .title = "The request took too long to arrive", .close = true};
    case kBodyTooLarge: return {.status = 413, .code = "body_too_large", .title = "The request's body is too large", .close = true};
    case kUpstreamRefused: return {.status = 502, .code = "upstream_unreachable", .title = "The server behind this address cannot be reached"};
    case kUpstreamTimeout: return {.status = 504, .code = "upstream_timeout", .title = "The server behind this address did not answer in time"};
    case kUpstreamMalformed:
    case kUpstreamCut: return {.status = 502, .code = "upstream_bad_answer", .title = "The server behind this address gave no valid answer"};
    case kUpstreamBusy: return {.status = 503, .code = "upstream_busy", .title = "The server behind this address is busy", .retry_after_s = 1};
    case kTooManyConnections:
      return {.status = 503, .code = "overloaded", .title = "Too much is going on right now", .retry_after_s = 1, .close = true};
    case kTooManyFromAddress:
      return {.status = 429, .code = "too_many_connections", .title = "Too many connections from your network", .retry_after_s = 1, .close = true};
    case kStopped: return {.status = 503, .code = "stopping", .title = "This server is restarting", .retry_after_s = 1, .close = true};
    case kClientGone:
    case kAborted:
    case kAddressNotAllowed:
    case kOutboundFailed:
    case kResponseTooLarge: break;
  }
  return {};
}

ErrorShape ShapeOfStore(store::Errc code) {
  if (code == store::Errc::kNotFound) return {.status = 404, .code = "not_found", .title = "Not found"};
  if (code == store::Errc::kConflict) return {.status = 409, .code = "conflict", .title = "This was changed at the same time"};
  return {.status = 503, .code = "store_unavailable", .title = "The service cannot answer right now", .retry_after_s = 2};
}

// What a proxied request meets when its session's back-end token is asked for (S35). The sign-in routes have answers of
// their own for these.
ErrorShape ShapeOfSignIn(signin::Errc code) {
  using enum signin::Errc;
  switch (code) {
    case kSessionEnded: return {.status = 401, .code = "login_required", .title = "Sign in first"};
    case kProviderTrouble:
      return {.status = 503, .code = "provider_unavailable", .title = "The service that you sign in with cannot answer right now", .retry_after_s = 5};
    case kBackendUnavailable:
      return {.status = 503, .code = "backend_unavailable", .title = "The service that knows you cannot answer right now", .retry_after_s = 2};
    case kOverloaded: return {.status = 503, .code = "busy", .title = "Too much is going on right now", .retry_after_s = 2};
    case kThrottled: return {.status = 429, .code = "throttled", .title = "Too many attempts", .retry_after_s = 60};
    case kBadCredentials:
    case kNoBackendTokens:
    case kTemplate:
    case kBadProfile: break;
    case kInvalidMail: break;
  }
  return {};
}

// Of what comes in floods while the process, the store or an upstream has more to do than it can: a line each now and then.
log::Pace* PaceOf(const Error& error) {
  static log::Pace upstream, store, work;
  if (error.Is(net::Errc::kUpstreamBusy)) return &upstream;
  if (&error.code.category() == &make_error_code(store::Errc{}).category()) return &store;
  if (&error.code.category() == &make_error_code(async::Errc{}).category()) return &work;
  return nullptr;
}

void LogFailure(const Error& error, std::uint16_t status, std::string_view request_id) {
  log::Pace* const pace = PaceOf(error);
  const std::uint64_t times = pace != nullptr ? pace->Count(SystemClock().Steady()) : 1;
  if (times > 0) log::Error("request failed", {{"status", status}, {"error", error.ToLogString()}, {"request_id", request_id}, {"times", times}});
}

template <class E>
bool Is(const Error& error, E& out) {
  if (&error.code.category() != &make_error_code(E{}).category()) return false;
  out = static_cast<E>(error.code.value());
  return true;
}

}  // namespace

ErrorShape ShapeOf(const Error& error) {
  if (http::Errc e{}; Is(error, e)) return ShapeOfHttp(e);
  if (net::Errc e{}; Is(error, e)) return ShapeOfNet(e);
  if (store::Errc e{}; Is(error, e)) return ShapeOfStore(e);
  if (signin::Errc e{}; Is(error, e)) return ShapeOfSignIn(e);
  if (async::Errc e{}; Is(error, e))
    return {.status = 503, .code = "busy", .title = "Too much is going on right now", .retry_after_s = 1};
  if (session::Errc e{}; Is(error, e)) {
    switch (e) {
      case session::Errc::kEnded: return {.status = 401, .code = "login_required", .title = "Sign in first"};
      case session::Errc::kClaimNotAllowed: return {.status = 400, .code = "claim_not_allowed", .title = "This claim cannot be set"};
      case session::Errc::kTooLarge: return {.status = 400, .code = "session_too_large", .title = "The session would not fit into cookies"};
      case session::Errc::kTooManyGuesses:
        return {.status = 429, .code = "throttled", .title = "Too many unknown sessions from your network", .retry_after_s = 10};
    }
  }
  return {};
}

Answer AnswerForError(const Error& error, bool html, const PagesOptions& pages, std::string_view request_id) {
  const ErrorShape shape = ShapeOf(error);
  if (shape.status >= 500) LogFailure(error, shape.status, request_id);
  Answer answer = html ? Answer::Html(shape.status, RenderErrorPage(pages, shape.status, shape.title, request_id))
                       : Answer::Problem(shape.status, shape.code, shape.title);
  if (shape.retry_after_s > 0) answer.WithHeader("Retry-After", std::to_string(shape.retry_after_s));
  if (shape.close) answer.WithHeader("Connection", "close");
  return answer;
}

std::string RawAnswerForError(const Error& error) {
  const ErrorShape shape = ShapeOf(error);
  const std::string retry = shape.retry_after_s > 0 ? fmt::format("Retry-After: {}\r\n", shape.retry_after_s) : std::string();
  const std::string body = Answer::Problem(shape.status, shape.code, shape.title).body;
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: application/problem+json\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
      "X-Content-Type-Options: nosniff\r\n{}Connection: close\r\n\r\n{}",
      shape.status, http::ReasonPhrase(shape.status), body.size(), retry, body);
}

}  // namespace sallyport::gateway
