// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/transaction_cookie.h"

#include <algorithm>

#include "sallyport/http/cookie.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/token/transaction.h"

namespace sallyport::gateway {
namespace {

// Named as the csrf cookie is, with __Host- on https: a sibling subdomain cannot plant a sign-in that it has begun itself (S12).
std::string Prefix(const AuthRequest& request) {
  const std::string& csrf = request.services.sessions.cookie_names().csrf;
  return csrf.substr(0, csrf.rfind('.') + 1) + "transaction.";
}

http::SetCookie Cookie(const AuthRequest& request, std::string name) {
  http::SetCookie cookie;
  cookie.name = std::move(name);
  cookie.secure = request.services.sessions.cookie_names().secure;
  return cookie;
}

}  // namespace

void KeepTransaction(const AuthRequest& request, const signin::StartedSignIn& started, Answer& answer) {
  const std::string prefix = Prefix(request);
  std::vector<std::pair<Timestamp, std::string>> present;
  http::ForEachCookie(request.head().fields, [&](const http::Cookie& cookie) {
    if (cookie.name.starts_with(prefix)) present.emplace_back(token::ClaimedStart(cookie.value), cookie.name);
  });
  std::ranges::sort(present);
  for (std::size_t i = 0; i + token::kMaxTransactions <= present.size(); ++i)
    answer.WithCookie(Cookie(request, present[i].second).Deletion().ToString());

  http::SetCookie cookie = Cookie(request, token::TransactionCookieName(prefix, started.state));
  cookie.value = started.transaction;
  cookie.max_age = std::chrono::duration_cast<std::chrono::seconds>(token::kTransactionLifetime);
  if (started.cross_site_answer) {
    // The answer is a POST from the provider's page. Browsers take Secure on http://localhost as well.
    cookie.same_site = http::SameSite::kNone;
    cookie.secure = true;
  }
  answer.WithCookie(cookie.ToString());
}

std::string FindTransaction(const AuthRequest& request, std::string_view state) {
  if (state.empty()) return {};
  return std::string(request.Cookie(token::TransactionCookieName(Prefix(request), state)).value_or(""));
}

void DropTransaction(const AuthRequest& request, std::string_view state, Answer& answer) {
  answer.WithCookie(Cookie(request, token::TransactionCookieName(Prefix(request), state)).Deletion().ToString());
}

}  // namespace sallyport::gateway
