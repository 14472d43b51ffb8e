// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/provider_access.h"

#include "sallyport/base/log.h"
#include "sallyport/net/errc.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/token_request.h"
#include "sallyport/signin/audit.h"
#include "sallyport/signin/oauth/provider_sign_out.h"
#include "sallyport/signin/oauth/provider_tokens.h"

namespace sallyport::signin {
namespace {

std::string_view Member(const json::object& tokens, std::string_view name) { return GetString(tokens, name).value_or(""); }

bool IsOutage(const Error& error) {
  return error.Is(net::Errc::kOutboundFailed) || error.Is(net::Errc::kUpstreamTimeout) || error.Is(Errc::kProviderTrouble);
}

}  // namespace

struct ProviderAccess::State final : TokenIssuer {
  State(std::shared_ptr<const ProviderSet> p, SessionAccess& sessions, store::AuditStore& a, const Clock& c, RefreshCounters& counters)
      : providers(std::move(p)), audit(a), clock(c), refresher("a provider", *this, sessions, c, counters) {}

  bool Issued(const json::object& tokens) const override { return providers->Find(Member(tokens, "provider")) != nullptr; }
  bool CanRefresh(const json::object& tokens) const override;
  bool must_be_asked_once() const override { return true; }
  Errc unavailable() const override { return Errc::kProviderTrouble; }
  Task<json::object> Renew(json::object tokens) override;
  Coroutine<void> Discard(json::object tokens) override;
  Task<void> CheckIdToken(ProviderConnection& provider, const json::object& former, oauth::TokenResponse& fresh);

  const std::shared_ptr<const ProviderSet> providers;
  store::AuditStore& audit;
  const Clock& clock;
  TokenRefresher refresher;
};

ProviderAccess::ProviderAccess(std::shared_ptr<const ProviderSet> providers, SessionAccess& sessions, store::AuditStore& audit, const Clock& clock,
                               RefreshCounters& counters)
    : state_(std::make_shared<State>(std::move(providers), sessions, audit, clock, counters)) {}

Task<AccessToken> ProviderAccess::Valid(model::SessionId id) { return state_->refresher.Valid(std::move(id), state_); }

bool ProviderAccess::State::CanRefresh(const json::object& tokens) const {
  const ProviderConnection* provider = providers->Find(Member(tokens, "provider"));
  // What those do instead of RFC 6749 §6, each in its own way, is not built.
  return provider && !provider->spec().token.by_get && provider->spec().token.grant != TokenGrant::kJwtBearerAssertion;
}

Coroutine<void> ProviderAccess::State::Discard(json::object tokens) {
  std::vector<json::object> all;
  all.push_back(std::move(tokens));
  co_await RevokeTokens(providers, std::move(all));
}

Task<json::object> ProviderAccess::State::Renew(json::object tokens) {
  ProviderConnection* provider = providers->Find(Member(tokens, "provider"));
  if (!provider) co_return Fail(Errc::kProviderTrouble, "it is not configured any more");
  SALLYPORT_CO_TRY(auto metadata, co_await provider->Metadata());
  auto response = co_await provider->Post(std::move(metadata.token_endpoint), oauth::RefreshTokenGrant(Member(tokens, "refresh_token")));
  if (!response) co_return std::unexpected(std::move(response).error());
  // From something between us and the provider, which may have answered.
  if (response->status == 502 || response->status == 504) co_return Fail(net::Errc::kUpstreamTimeout, "status " + std::to_string(response->status));
  auto fresh = oauth::ReadTokenResponse(response->status, HeaderOf(*response, "content-type"), response->body, false);
  if (!fresh) co_return std::unexpected(std::move(fresh).error());
  if (!fresh->id_token.empty()) {
    SALLYPORT_CO_CHECK(co_await CheckIdToken(*provider, tokens, *fresh));
  }
  co_return RefreshedTokens(std::move(tokens), *fresh, clock.Now());
}

// When the keys cannot be had right now the former ID token stays, and the new tokens, which came over TLS from the provider
// itself, are not thrown away for it.
Task<void> ProviderAccess::State::CheckIdToken(ProviderConnection& provider, const json::object& former, oauth::TokenResponse& fresh) {
  oauth::IdTokenPolicy policy;
  policy.access_token = fresh.access_token.Reveal();
  const auto verified = co_await provider.VerifyIdToken(fresh.id_token, std::move(policy));
  if (!verified && IsOutage(verified.error())) {
    fresh.id_token.clear();
    co_return Result<void>{};
  }
  std::string reason;
  if (!verified) reason = verified.error().Is(oauth::Errc::kWrongIssuer) ? "wrong_issuer" : "bad_id_token";
  else if (verified->issuer() != Member(former, "iss")) reason = "wrong_issuer";
  else if (verified->subject() != Member(former, "sub")) reason = "wrong_subject";
  if (reason.empty()) co_return Result<void>{};
  const std::string& id = provider.spec().id;
  log::Warn("a refresh brought an ID token that is not to be believed",
            {{"provider", id}, {"reason", reason}, {"error", verified ? "" : verified.error().ToLogString()}});
  const bool other_person = reason != "bad_id_token";
  Audit(audit, clock, {}, {"provider.refresh", "denied", std::move(reason), {}, {}, "system", id});
  if (other_person) co_return Fail(Errc::kSessionEnded);
  co_return Fail(oauth::Errc::kMalformed, "the ID token of a refresh");
}

}  // namespace sallyport::signin
