// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/begin_session.h"

#include "sallyport/base/hex.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/hmac.h"
#include "sallyport/gateway/audit.h"
#include "sallyport/gateway/handlers/provider_farewell.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/signin/backend_tokens.h"
#include "sallyport/token/session_csrf.h"

namespace sallyport::gateway {
namespace {

// In the family of next-auth's names, so that everything that knows "our cookies" knows these (S23).
std::string FamilyCookie(const session::CookieNames& names, std::string_view suffix) {
  return names.session.substr(0, names.session.rfind('.') + 1) + std::string(suffix);
}

std::string DeviceMark(const Services& services, std::string_view account) {
  const crypto::HmacSha256 mac(services.keys.First(crypto::KeyPurpose::kAccountToken).Reveal());
  return EncodeHex(crypto::AsView(mac.Mac({"known-device:", account})));
}

std::string LongLived(const session::CookieNames& names, std::string name, std::string value) {
  http::SetCookie cookie;
  cookie.name = std::move(name);
  cookie.value = std::move(value);
  cookie.max_age = std::chrono::days(180);
  cookie.secure = names.secure;
  return cookie.ToString();
}

std::string XsrfCookie(const session::CookieNames& names, std::string value) {
  http::SetCookie cookie;
  cookie.name = names.xsrf;
  cookie.value = std::move(value);
  cookie.http_only = false;
  cookie.secure = names.secure;
  return cookie.value.empty() ? cookie.Deletion().ToString() : cookie.ToString();
}

}  // namespace

Task<void> BeginSessionInto(AuthRequest& request, signin::SignedIn signed_in, Answer& answer, model::SessionId former_id) {
  Services& services = request.services;
  SALLYPORT_CO_TRY(const session::Resolution former, co_await request.Session(/*slide=*/false));
  const std::string account = signed_in.user.email.value_or(signed_in.user.id);
  const std::optional<model::UserId> changed = signed_in.profile_changed ? std::optional(signed_in.user.id) : std::nullopt;
  if (changed) SALLYPORT_CO_CHECK(co_await services.sessions.ProfileChanged(*changed));
  session::BeginSession begin;
  begin.user = std::move(signed_in.user);
  begin.method = std::move(signed_in.method);
  begin.amr = std::move(signed_in.amr);
  begin.claims = std::move(signed_in.claims);
  begin.tokens = std::move(signed_in.tokens);
  begin.at_provider = std::move(signed_in.at_provider);
  begin.client = request.client();
  if (former.session) former_id = former.session->data.id;
  if (!former_id.empty()) begin.replaces = std::move(former_id);
  SALLYPORT_CO_TRY(const session::BegunSession begun, co_await services.sessions.Begin(std::move(begin)));

  const session::CookieNames& names = services.sessions.cookie_names();
  for (std::string& cookie : session::SetSessionCookies(names, services.sessions.options().compat, begun.cookie_value, begun.cookie_expires,
                                                        services.sessions.PresentCookieNames(request.head().fields)))
    answer.WithCookie(std::move(cookie));
  const token::SessionCsrf csrf(services.keys.All(crypto::KeyPurpose::kCsrfToken));
  answer.WithCookie(XsrfCookie(names, csrf.TokenFor(begun.id)));
  answer.WithCookie(LongLived(names, FamilyCookie(names, "device"), DeviceMark(services, account)));
  co_return Result<void>{};
}

signin::SignedIn NewByPassword(model::User user) {
  signin::SignedIn signed_in;
  signed_in.user = std::move(user);
  signed_in.method = "password";
  signed_in.amr = {"pwd"};
  signed_in.is_new_user = true;
  return signed_in;
}

Task<json::object> EndSessionInto(AuthRequest& request, const session::Resolution& resolution, Answer& answer) {
  Services& services = request.services;
  json::object provider_tokens;
  if (resolution.session) {
    const model::SessionId id = resolution.session->data.id;
    if (services.backend_tokens && resolution.session->data.method == "backend")
      (void)co_await services.backend_tokens->SignOut(id);   // best effort, and before the tokens are gone
    SALLYPORT_CO_TRY(auto ended, co_await services.sessions.End(id, std::nullopt, model::EndReason::kSignedOut));
    if (!ended.tokens.empty() && ended.tokens.front().contains("provider")) provider_tokens = ended.tokens.front();
    co_await RevokeProviderTokens(services, std::move(ended.tokens));
    Audit(request, "signout", "success", "", {resolution.session->data.user_id, id});
  }
  const session::CookieNames& names = services.sessions.cookie_names();
  if (resolution.state != session::CookieState::kNone) {
    for (std::string& cookie : session::ClearSessionCookies(names, services.sessions.PresentCookieNames(request.head().fields)))
      answer.WithCookie(std::move(cookie));
  }
  if (request.Cookie(names.xsrf)) answer.WithCookie(XsrfCookie(names, {}));
  co_return provider_tokens;
}

signin::RequestFacts FactsOf(const AuthRequest& request, std::string_view account) {
  signin::RequestFacts facts;
  facts.ip = request.client_ip;
  facts.user_agent = request.user_agent();
  facts.request_id = request.request_id;
  facts.accept_language = request.head().fields.Get(http::HeaderId::kAcceptLanguage).substr(0, 256);
  if (!account.empty()) {
    const auto mark = request.Cookie(FamilyCookie(request.services.sessions.cookie_names(), "device"));
    facts.known_device = mark && crypto::Equal(*mark, DeviceMark(request.services, account));
  }
  return facts;
}

std::string BrowserBinding(const AuthRequest& request, std::optional<std::string>* set_cookie) {
  const session::CookieNames& names = request.services.sessions.cookie_names();
  const std::string name = FamilyCookie(names, "browser");
  if (const auto present = request.Cookie(name); present && present->size() == 64) return std::string(*present);
  if (!set_cookie) return {};
  std::string fresh = request.services.random.Hex(32);
  *set_cookie = LongLived(names, name, fresh);
  return fresh;
}

}  // namespace sallyport::gateway
