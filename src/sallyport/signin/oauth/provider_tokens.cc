// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/provider_tokens.h"

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxSidBytes = 255;

void Put(json::object& out, std::string_view name, std::string_view value) {
  if (!value.empty()) out[name] = value;
}

}  // namespace

json::object TokensForSession(const ProviderSpec& spec, const Exchanged& exchanged, std::string_view issuer, std::string_view subject, Timestamp now) {
  const oauth::TokenResponse& tokens = exchanged.tokens;
  json::object out;
  Put(out, "provider", spec.id);
  Put(out, "iss", issuer);
  Put(out, "sub", subject);
  if (exchanged.id_token) {
    const auto sid = GetString(exchanged.id_token->claims(), "sid").value_or("");
    if (sid.size() <= kMaxSidBytes) Put(out, "sid", sid);
  }
  Put(out, "access_token", tokens.access_token.Reveal());
  Put(out, "token_type", tokens.token_type);
  if (tokens.expires_in) out["expires_at"] = UnixSeconds(now) + *tokens.expires_in;
  Put(out, "refresh_token", tokens.refresh_token.Reveal());
  if (exchanged.id_token) Put(out, "id_token", tokens.id_token);
  Put(out, "scope", tokens.scope);
  return out;
}

}  // namespace sallyport::signin
