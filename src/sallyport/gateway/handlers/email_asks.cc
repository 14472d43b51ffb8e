// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/email_asks.h"

#include "sallyport/base/log.h"
#include "sallyport/base/url.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/token/sealed_cookie.h"

namespace sallyport::gateway {
namespace {

constexpr std::size_t kKept = 3;   // as many as the store keeps of one address

token::SealedCookie Sealer(const AuthRequest& request) {
  return token::SealedCookie::Create(request.services.keys.All(crypto::KeyPurpose::kSealedCookie), "email_asks", request.services.clock,
                                     request.services.random)
      .value();
}

// Named as the csrf cookie is, with __Host- on https: a sibling subdomain cannot make this browser one that asked.
std::string NameOf(const session::CookieNames& names) { return names.csrf.substr(0, names.csrf.rfind('.') + 1) + "email"; }

http::SetCookie CookieFor(const AuthRequest& request) {
  const session::CookieNames& names = request.services.sessions.cookie_names();
  http::SetCookie cookie;
  cookie.name = NameOf(names);
  cookie.secure = names.secure;
  return cookie;
}

void Keep(const AuthRequest& request, const std::vector<EmailAsk>& asks, Answer& answer) {
  http::SetCookie cookie = CookieFor(request);
  if (asks.empty()) return static_cast<void>(answer.WithCookie(cookie.Deletion().ToString()));
  json::array list;
  for (const EmailAsk& ask : asks) list.push_back(json::object{{"id", ask.id}, {"email", ask.email}});
  const Duration lifetime = request.services.config.signin.email_sign_in.lifetime;
  auto sealed = Sealer(request).Seal(json::object{{"asks", std::move(list)}}, lifetime);
  if (!sealed) return log::Error("a browser cannot be told which mail it asked for", {{"error", sealed.error().ToLogString()}});
  cookie.value = *std::move(sealed);
  cookie.max_age = std::chrono::duration_cast<std::chrono::seconds>(lifetime);
  answer.WithCookie(cookie.ToString());
}

}  // namespace

std::vector<EmailAsk> EmailAsksOf(const AuthRequest& request) {
  std::vector<EmailAsk> asks;
  const auto cookie = request.Cookie(NameOf(request.services.sessions.cookie_names()));
  if (!cookie) return asks;
  const auto value = Sealer(request).Open(PercentDecode(*cookie).value_or(std::string()));
  if (!value) return asks;
  const auto* list = value->if_contains("asks");
  if (!list || !list->is_array()) return asks;
  for (const json::value& item : list->as_array()) {
    if (!item.is_object()) continue;
    const auto id = GetString(item.as_object(), "id"), email = GetString(item.as_object(), "email");
    if (id && email) asks.push_back({std::string(*id), std::string(*email)});
  }
  return asks;
}

std::vector<std::string> IdsOf(const std::vector<EmailAsk>& asks) {
  std::vector<std::string> ids;
  for (const EmailAsk& ask : asks) ids.push_back(ask.id);
  return ids;
}

void RememberEmailAsk(const AuthRequest& request, EmailAsk ask, Answer& answer) {
  std::vector<EmailAsk> asks = EmailAsksOf(request);
  asks.insert(asks.begin(), std::move(ask));
  if (asks.size() > kKept) asks.resize(kKept);
  Keep(request, asks, answer);
}

void ForgetEmailAsk(const AuthRequest& request, std::string_view id, Answer& answer) {
  std::vector<EmailAsk> asks = EmailAsksOf(request);
  if (std::erase_if(asks, [id](const EmailAsk& ask) { return ask.id == id; }) > 0) Keep(request, asks, answer);
}

}  // namespace sallyport::gateway
