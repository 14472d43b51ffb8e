// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/wire_answer.h"

#include "sallyport/base/url.h"
#include "sallyport/http/query.h"
#include "sallyport/http/set_cookie.h"

namespace sallyport::gateway {
namespace {

std::string PageUrl(const AuthRequest& request, const std::string& own_page, std::string_view default_path, std::string_view query) {
  std::string url = request.Absolute(own_page.empty() ? default_path : std::string_view(own_page));
  if (!query.empty()) url.append(url.find('?') == std::string::npos ? "?" : "&").append(query);
  return url;
}

}  // namespace

WireStyle StyleOf(const AuthRequest& request) {
  if (request.v5_style()) return WireStyle::kV5;
  return request.v4_json() ? WireStyle::kV4 : WireStyle::kForm;
}

bool IsV4(const AuthRequest& request) {
  const WireStyle style = StyleOf(request);
  if (style != WireStyle::kForm) return style == WireStyle::kV4;
  return request.services.config.session.compat == session::NextAuthCompat::kV4;
}

Answer WireRedirect(const AuthRequest& request, std::string url) {
  const WireStyle style = StyleOf(request);
  if (style == WireStyle::kForm) return Answer::Redirect(302, std::move(url));
  Answer answer = Answer::Json(200, json::object{{"url", url}});
  if (style == WireStyle::kV5) answer.WithHeader("Location", std::move(url));
  return answer;
}

Answer WireRefusal(const AuthRequest& request, std::string url, std::uint16_t json_status) {
  if (StyleOf(request) == WireStyle::kForm) return Answer::Redirect(302, std::move(url));
  return Answer::Json(json_status, json::object{{"url", url}});
}

std::string SignInUrl(const AuthRequest& request, std::string_view query) {
  return PageUrl(request, request.services.config.gateway.pages.sign_in, "/api/auth/signin", query);
}

std::string SignOutUrl(const AuthRequest& request, std::string_view query) {
  return PageUrl(request, request.services.config.gateway.pages.sign_out, "/api/auth/signout", query);
}

std::string ErrorUrl(const AuthRequest& request, std::string_view query) {
  return PageUrl(request, request.services.config.gateway.pages.error, "/api/auth/error", query);
}

std::string OwnErrorUrl(const AuthRequest& request, std::string_view query) {
  return PageUrl(request, {}, "/api/auth/error", query);
}

std::string LandingUrl(const AuthRequest& request, bool is_new_user, const std::string& callback_url) {
  const std::string& page = request.services.config.gateway.pages.new_user;
  if (!is_new_user || page.empty()) return callback_url;
  return PageUrl(request, page, {}, "callbackUrl=" + http::EncodeUriComponent(callback_url));
}

void RememberCallbackUrl(const AuthRequest& request, std::string_view url, Answer& answer) {
  const session::CookieNames& names = request.services.sessions.cookie_names();
  if (const auto present = request.Cookie(names.callback_url)) {
    if (PercentDecode(*present).value_or(std::string()) == url) return;
  }
  http::SetCookie cookie;
  cookie.name = names.callback_url;
  cookie.value = std::string(url);
  cookie.secure = names.secure;
  answer.WithCookie(cookie.ToString());
}

std::string SentenceForError(std::string_view error, std::string_view code) {
  if (error.empty()) return {};
  // v4 has the code in place of the error.
  if (code == "throttled" || error == "throttled") return "Too many attempts. Wait a little, then try again.";
  if (code == "unavailable" || error == "unavailable") return "Signing in is not possible right now. Try again in a moment.";
  if (error == "EmailSignin") return "The mail could not be sent. Check that the address is right.";
  if (error == "CredentialsSignin") return "Sign in failed. Check that the details you gave are correct.";
  if (error == "SessionRequired") return "Please sign in to see this page.";
  if (error == "MissingCSRF") return "The form had expired. Please try again.";
  if (error == "AccessDenied") return "You do not have permission to sign in.";
  if (error == "Verification") return "This link or code is no longer valid. It may have been used already, or its time is over.";
  if (error == "Configuration") return "There is a problem with the server. Check its log.";
  if (error == "AccountNotLinked" || error == "OAuthAccountNotLinked")
    return "To confirm who you are, sign in the way you did before.";
  return "Signing in did not work. Please try again.";
}

}  // namespace sallyport::gateway
