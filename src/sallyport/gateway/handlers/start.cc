// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/start/:provider: a sign-in from a link of our own pages, without script (WIRE.md §2). It never connects
// accounts, and anything but a click on such a link leads to the sign-in page (S11).
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/oauth_start.h"
#include "sallyport/gateway/handlers/providers.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/http/query.h"

namespace sallyport::gateway {

Task<Answer> HandleStart(AuthRequest& request) {
  const auto provider = FindProvider(request.services, request.parameters.front());
  if (!provider || !provider->connection) co_return NotFoundAnswer(request.prefers_html(), request.services.config.gateway.pages, request.request_id);
  if (request.method() != http::Method::kGet || !http::MayStartSignIn(request.head().fields)) {
    const std::string query = "provider=" + http::EncodeUriComponent(provider->id) + "&callbackUrl=" + http::EncodeUriComponent(request.CallbackUrl());
    co_return Answer::Redirect(303, SignInUrl(request, query));
  }
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  co_return co_await StartOAuth(request, *provider->connection, resolution.session, /*may_connect=*/false);
}

}  // namespace sallyport::gateway
