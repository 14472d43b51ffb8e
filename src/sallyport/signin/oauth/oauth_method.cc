// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/oauth_method.h"

#include "sallyport/base/log.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/identity/linking.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/net/errc.h"
#include "sallyport/oauth/authorization_response.h"
#include "sallyport/oauth/errc.h"
#include "sallyport/oauth/token_error.h"
#include "sallyport/signin/audit.h"
#include "sallyport/signin/oauth/provider_tokens.h"
#include "sallyport/store/errc.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kUsedState = "oauth_state";

bool IsOutage(const Error& error) {
  return error.Is(net::Errc::kOutboundFailed) || error.Is(net::Errc::kUpstreamTimeout) || error.Is(oauth::Errc::kProviderUnavailable) ||
         error.Is(Errc::kProviderTrouble);
}

OAuthRefusal RefusalFor(store::AccountOutcome outcome) {
  using enum store::AccountOutcome;
  return outcome == kDisabled || outcome == kClosed || outcome == kNoSuchUser ? OAuthRefusal::kDenied : OAuthRefusal::kNotLinked;
}

std::string_view EventFor(store::AccountOutcome outcome) {
  using enum store::AccountOutcome;
  switch (outcome) {
    case kLinked: return "account.link";
    case kClaimed: return "account.claim";
    case kCreated:
    case kCreatedWithAddress: return "register";
    default: return {};
  }
}

}  // namespace

// One callback on its way through.
struct OAuthMethod::Attempt {
  ProviderConnection& provider;
  RequestFacts facts;
  token::Transaction transaction;
  OAuthAnswer answer;
};

Result<std::unique_ptr<OAuthMethod>> OAuthMethod::Create(std::shared_ptr<const ProviderSet> providers, Dependencies dependencies) {
  SALLYPORT_TRY(auto sealer, token::TransactionSealer::Create(dependencies.keys.All(crypto::KeyPurpose::kTransaction), dependencies.clock, dependencies.random));
  return std::unique_ptr<OAuthMethod>(new OAuthMethod(std::move(providers), std::move(dependencies), std::move(sealer)));
}

OAuthMethod::OAuthMethod(std::shared_ptr<const ProviderSet> providers, Dependencies dependencies, token::TransactionSealer sealer)
    : dependencies_(std::move(dependencies)),
      sealer_(std::move(sealer)),
      providers_(std::move(providers)),
      access_(providers_, dependencies_.sessions, dependencies_.store.audit(), dependencies_.clock, dependencies_.refreshes) {}

Task<void> OAuthMethod::KeepMetadata() {
  for (const auto& provider : providers_->all()) {
    if (const auto metadata = co_await provider->Metadata(); !metadata && metadata.error().Is(oauth::Errc::kWrongIssuer))
      log::Error("the configured issuer is not what the provider calls itself; nobody can sign in there", {{"provider", provider->spec().id}});
  }
  co_return Result<void>{};
}

std::string OAuthMethod::RedirectUri(const ProviderConnection& provider) const { return dependencies_.callback_base + provider.spec().id; }

Task<StartedSignIn> OAuthMethod::Start(ProviderConnection& provider, StartRequest request, RequestFacts facts) {
  if (const auto verdict = dependencies_.throttle.AdmitFrom(facts.ip); !verdict.admitted) {
    Audit(dependencies_.store.audit(), dependencies_.clock, facts,
          {"signin", "denied", "throttled_" + std::string(verdict.reason), {}, {}, "user", provider.spec().id});
    co_return Fail(Errc::kThrottled);
  }
  auto started = co_await StartAuthorization(provider, RedirectUri(provider), sealer_, dependencies_.random, std::move(request));
  if (!started) {
    log::Warn("a sign-in could not be started at the provider", {{"provider", provider.spec().id}, {"error", started.error().ToLogString()}});
    Audit(dependencies_.store.audit(), dependencies_.clock, facts, {"signin", "failure", "provider_unavailable", {}, {}, "user", provider.spec().id});
  }
  co_return started;
}

// The row of a used state outlives the transaction; the second one to come finds it there.
Task<bool> OAuthMethod::UseOnce(const token::Transaction& transaction) {
  store::VerificationToken used;
  used.token_hash = token::StateHash(transaction.state);
  used.identifier = used.token_hash;
  used.purpose = kUsedState;
  used.created_at = dependencies_.clock.Now();
  used.expires = transaction.started_at + token::kTransactionLifetime;
  const auto stored = co_await dependencies_.store.verification_tokens().Create(std::move(used), 1);
  if (stored) co_return true;
  if (stored.error().Is(store::Errc::kConflict)) co_return false;
  co_return std::unexpected(stored.error());
}

// To connect, the session that asked must still be there, and the browser must not have another one by now. (Cross-site
// posts come without the session's cookie: the sealed transaction is the proof of the browser then.)
Task<bool> OAuthMethod::MayConnect(token::Transaction transaction, std::optional<model::SessionId> shown) {
  if (shown && *shown != transaction.link_session) co_return false;
  SALLYPORT_CO_TRY(const auto found, co_await dependencies_.store.sessions().FindById(transaction.link_session));
  const Timestamp now = dependencies_.clock.Now();
  co_return found && found->session.user_id == transaction.link_user && found->session.idle_end > now && found->session.absolute_end > now;
}

OAuthAnswer OAuthMethod::Refuse(Attempt& attempt, OAuthRefusal refusal, std::string reason, std::string detail) const {
  const std::string& id = attempt.provider.spec().id;
  log::Warn("a sign-in at the provider was refused", {{"provider", id}, {"reason", reason}, {"error", detail}, {"request_id", attempt.facts.request_id}});
  Audit(dependencies_.store.audit(), dependencies_.clock, attempt.facts, {"signin", "failure", std::move(reason), {}, {}, "user", id});
  attempt.answer.refusal = refusal;
  return std::move(attempt.answer);
}

Task<void> OAuthMethod::Resolve(Attempt& attempt, Exchanged exchanged, ProviderProfile profile) {
  const ProviderOptions& options = attempt.provider.options();
  identity::ProviderIdentity person;
  person.provider = options.spec.id;
  person.issuer = exchanged.id_token ? std::string(exchanged.id_token->issuer()) : options.spec.issuer;
  person.subject = profile.id;
  person.oidc = exchanged.id_token.has_value();
  person.name = profile.name;
  person.email = profile.email;
  person.image = profile.image;
  person.email_verified = profile.email_verified || options.trust_email;
  const std::string issuer = person.issuer;
  auto& users = dependencies_.store.users();
  SALLYPORT_CO_TRY(auto resolved, co_await identity::ResolveIdentity(users, std::move(person), options.allow_registration, attempt.transaction.link_user,
                                                                     dependencies_.clock, dependencies_.random));
  if (store::IsRefusal(resolved.outcome)) {
    attempt.answer = Refuse(attempt, RefusalFor(resolved.outcome), NameOf(resolved.outcome), {});
    co_return Result<void>{};
  }
  if (!resolved.ended.empty()) SALLYPORT_CO_CHECK(co_await dependencies_.sessions.Announce(std::move(resolved.ended)));
  const auto audit = [&](std::string_view event) {
    Audit(dependencies_.store.audit(), dependencies_.clock, attempt.facts, {event, "success", {}, resolved.user.id, {}, "user", options.spec.id});
  };
  if (const auto event = EventFor(resolved.outcome); !event.empty()) audit(event);
  if (resolved.outcome == store::AccountOutcome::kLinked && !attempt.transaction.link_user.empty()) {
    attempt.answer.connected = true;
    co_return Result<void>{};
  }
  audit("signin");
  SignedIn& out = attempt.answer.signed_in.emplace();
  out.tokens = TokensForSession(options.spec, exchanged, issuer, profile.id, dependencies_.clock.Now());
  out.at_provider = AtProviderFrom(out.tokens);
  out.user = std::move(resolved.user);
  out.is_new_user = resolved.outcome == store::AccountOutcome::kCreated || resolved.outcome == store::AccountOutcome::kCreatedWithAddress;
  out.method = options.spec.id;
  out.amr.emplace_back("fed");
  co_return Result<void>{};
}

Task<OAuthAnswer> OAuthMethod::Finish(ProviderConnection& provider, OAuthCallback callback, RequestFacts facts) {
  Attempt attempt{provider, std::move(facts), {}, {}};
  using enum OAuthRefusal;
  const auto response = oauth::ReadAuthorizationResponse(callback.parameters);
  if (!response) co_return Refuse(attempt, kNoTransaction, "malformed_response", response.error().ToLogString());
  if (callback.transaction.empty()) co_return Refuse(attempt, kNoTransaction, "no_transaction", "this browser has not begun it, or its cookie is gone");
  auto transaction = sealer_.Open(callback.transaction, response->state, provider.spec().id);
  if (!transaction) co_return Refuse(attempt, kNoTransaction, "no_transaction", transaction.error().ToLogString());
  attempt.transaction = *std::move(transaction);
  attempt.answer.callback_url = attempt.transaction.callback_url;
  attempt.answer.former_session = attempt.transaction.link_session;

  SALLYPORT_CO_TRY(const bool first_use, co_await UseOnce(attempt.transaction));
  if (!first_use) co_return Refuse(attempt, kNoTransaction, "replayed", {});
  const auto metadata = co_await provider.Metadata();
  if (!metadata) co_return Refuse(attempt, kUnavailable, "provider_unavailable", metadata.error().ToLogString());
  if (const auto checked = oauth::CheckResponseIssuer(*response, metadata->issuer, metadata->sends_response_issuer); !checked)
    co_return Refuse(attempt, kExchange, "wrong_issuer", checked.error().ToLogString());
  if (!response->ok())
    co_return Refuse(attempt, kProviderError, "provider_error", oauth::LogText(response->error + ": " + response->error_description));
  if (!attempt.transaction.link_user.empty()) {
    SALLYPORT_CO_TRY(const bool may, co_await MayConnect(attempt.transaction, callback.session));
    if (!may) co_return Refuse(attempt, kNoTransaction, "session_gone", "the session that asked to connect the account has ended");
  }

  auto exchanged = co_await ExchangeCode(provider, response->code, RedirectUri(provider), attempt.transaction);
  if (!exchanged) co_return Refuse(attempt, IsOutage(exchanged.error()) ? kUnavailable : kExchange, "exchange_failed", exchanged.error().ToLogString());
  auto profile = co_await FetchProfile(provider, *exchanged, response->user);
  if (!profile) co_return Refuse(attempt, IsOutage(profile.error()) ? kUnavailable : kExchange, "profile_failed", profile.error().ToLogString());
  SALLYPORT_CO_CHECK(co_await Resolve(attempt, *std::move(exchanged), *std::move(profile)));
  co_return std::move(attempt.answer);
}

}  // namespace sallyport::signin
