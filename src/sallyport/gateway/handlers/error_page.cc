// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/error.
#include <algorithm>
#include <array>

#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/query.h"

namespace sallyport::gateway {
namespace {

// v4 shows these on its sign-in page.
constexpr std::array<std::string_view, 10> kSignInErrors = {
    "Signin", "OAuthSignin", "OAuthCallback", "OAuthCreateAccount", "EmailCreateAccount",
    "Callback", "OAuthAccountNotLinked", "EmailSignin", "CredentialsSignin", "SessionRequired"};

std::uint16_t StatusFor(std::string_view error) {
  if (error == "Configuration") return 500;
  return error == "AccessDenied" || error == "Verification" ? 403 : 200;
}

std::string HeadingFor(std::string_view error) {
  if (error == "Configuration") return "Server error";
  if (error == "AccessDenied") return "Access denied";
  if (error == "Verification") return "This link does not work any more";
  return "Signing in did not work";
}

}  // namespace

Task<Answer> HandleErrorPage(AuthRequest& request) {
  const PagesOptions& pages = request.services.config.gateway.pages;
  const std::string error = request.Query("error");
  const bool v4 = request.services.config.session.compat == session::NextAuthCompat::kV4;
  if (v4 && std::find(kSignInErrors.begin(), kSignInErrors.end(), error) != kSignInErrors.end())
    co_return Answer::Redirect(302, SignInUrl(request, "error=" + http::EncodeUriComponent(error)));
  if (!pages.error.empty()) co_return Answer::Redirect(302, ErrorUrl(request, error.empty() ? "" : "error=" + http::EncodeUriComponent(error)));
  MessagePage page;
  page.heading = HeadingFor(error);
  page.text = SentenceForError(error.empty() ? "Default" : error, request.Query("code"));
  page.link_text = "Sign in";
  page.link_href = SignInUrl(request);
  page.is_error = true;
  co_return Answer::Html(StatusFor(error), RenderMessagePage(pages, page));
}

}  // namespace sallyport::gateway
