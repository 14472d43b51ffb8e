// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/oauth_start.h"

#include "sallyport/gateway/handlers/begin_session.h"
#include "sallyport/gateway/handlers/transaction_cookie.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/signin/errc.h"

namespace sallyport::gateway {
namespace {

Answer CouldNotStart(const AuthRequest& request) {
  if (IsV4(request)) return WireRefusal(request, OwnErrorUrl(request, "error=OAuthSignin"));
  return WireRefusal(request, ErrorUrl(request, "error=Configuration&code=unavailable"));
}

oauth::FormParameters CallersParameters(const AuthRequest& request) {
  oauth::FormParameters out;
  if (request.method() != http::Method::kPost) return out;
  const auto query = http::ParseQuery(request.raw_query());
  if (query) out.assign(query->items().begin(), query->items().end());
  return out;
}

}  // namespace

bool MayConnect(const AuthRequest& request) { return http::PassesOriginCheck(request.head().fields, request.services.own_origins); }

Task<Answer> StartOAuth(AuthRequest& request, signin::ProviderConnection& provider, session::SessionRef session, bool may_connect) {
  signin::StartRequest start;
  start.callback_url = request.CallbackUrl();
  start.caller = CallersParameters(request);
  if (session) {
    start.link_session = session->data.id;
    if (may_connect && session->data.method != "adopted") start.link_user = session->data.user_id;
  }
  const std::string callback_url = start.callback_url;
  const auto started = co_await request.services.oauth->Start(provider, std::move(start), FactsOf(request));
  if (!started && started.error().Is(signin::Errc::kThrottled)) {
    Answer refusal = WireRefusal(request, SignInUrl(request, "error=OAuthSignin&code=throttled"), 429);
    refusal.WithHeader("Retry-After", "60");
    co_return refusal;
  }
  if (!started) co_return CouldNotStart(request);
  Answer answer = WireRedirect(request, started->url);
  KeepTransaction(request, *started, answer);
  RememberCallbackUrl(request, callback_url, answer);
  co_return answer;
}

}  // namespace sallyport::gateway
