// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/provider_tokens.h"

#include <algorithm>

#include "sallyport/signin/token_refresher.h"

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxSidBytes = 255;

void Put(json::object& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out[name] = value;
}

// A quarter of a short life is enough to be ahead of its end.
std::int64_t RefreshAt(std::int64_t now, std::int64_t lifetime) {
  return now + lifetime - std::min<std::int64_t>(lifetime / 4, std::chrono::duration_cast<std::chrono::seconds>(kRefreshAhead).count());
}

void PutTokens(json::object& out, const oauth::TokenResponse& tokens, Timestamp now) {
  Put(out, "access_token", tokens.access_token.Reveal());
  Put(out, "token_type", tokens.token_type);
  out.erase("expires_at");
  out.erase("refresh_at");
  if (tokens.expires_in) {
    out["expires_at"] = UnixSeconds(now) + *tokens.expires_in;
    out["refresh_at"] = RefreshAt(UnixSeconds(now), *tokens.expires_in);
  }
  Put(out, "refresh_token", tokens.refresh_token.Reveal());
  Put(out, "id_token", tokens.id_token);
  Put(out, "scope", tokens.scope);
}

}  // namespace

json::object TokensForSession(const ProviderSpec& spec, const Exchanged& exchanged, std::string_view issuer, std::string_view subject, Timestamp now) {
  json::object out;
  Put(out, "provider", spec.id);
  Put(out, "iss", exchanged.id_token ? exchanged.id_token->issuer() : issuer);
  Put(out, "sub", exchanged.id_token ? exchanged.id_token->subject() : subject);
  if (exchanged.id_token) {
    const auto sid = GetString(exchanged.id_token->claims(), "sid").value_or("");
    if (sid.size() <= kMaxSidBytes) Put(out, "sid", sid);
  }
  PutTokens(out, exchanged.tokens, now);
  if (!exchanged.id_token) out.erase("id_token");
  return out;
}

model::AtProvider AtProviderFrom(const json::object& tokens) {
  const auto text = [&](std::string_view name) { return std::string(GetString(tokens, name).value_or("")); };
  return {text("sub"), text("sid")};
}

json::object RefreshedTokens(json::object former, const oauth::TokenResponse& fresh, Timestamp now) {
  former.erase("refresh");
  PutTokens(former, fresh, now);
  return former;
}

}  // namespace sallyport::signin
