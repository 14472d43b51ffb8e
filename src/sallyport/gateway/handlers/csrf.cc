// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/csrf: the token for next-auth's forms, and with a session the token for everything else.
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"

namespace sallyport::gateway {

Task<Answer> HandleCsrf(AuthRequest& request) {
  std::optional<std::string> set_cookie;
  json::object body{{"csrfToken", request.CsrfToken(set_cookie)}};
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (resolution.session) body["xsrfToken"] = resolution.session->data.csrf_token;
  Answer answer = Answer::Json(200, body);
  if (set_cookie) answer.WithCookie(std::move(*set_cookie));
  RememberCallbackUrl(request, request.CallbackUrl(), answer);
  co_return answer;
}

}  // namespace sallyport::gateway
