// SPDX-License-Identifier: Apache-2.0
// Sign-in at an identity provider, by OpenID Connect or OAuth 2.0: the whole way there (Start) and back (Finish).
//
// Code flow with PKCE, state and nonce (S30); the answer belongs to the browser that began and counts once (S12); who
// somebody is decides store/account_resolution.h (S33). Every try is in the audit log (S63); why one failed is in the log, never
// on the page. Thread-safe; call it on a worker.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/http/query.h"
#include "sallyport/signin/oauth/authorization_start.h"
#include "sallyport/signin/oauth/profile_fetch.h"
#include "sallyport/signin/oauth/provider_access.h"
#include "sallyport/signin/oauth/provider_set.h"
#include "sallyport/signin/session_access.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/store.h"
#include "sallyport/token/transaction.h"

namespace sallyport::crypto {
class DerivedKeys;
}

namespace sallyport::identity {
class Throttle;
}

namespace sallyport::signin {

enum class OAuthRefusal : std::uint8_t {
  kNone,
  kNoTransaction,   // nobody in this browser waits for this answer: unknown, expired, used before, or not an answer at all
  kProviderError,   // the provider answered with an error: the person said no, or it would not
  kExchange,        // its tokens, ID token or profile were refused or not to be had
  kUnavailable,     // it cannot be reached
  kNotLinked,       // the account or its address is somebody else's (S33)
  kDenied,          // the user is disabled, or is not known and may not register
};

struct OAuthCallback {
  http::Parameters parameters;                   // of the query or the form
  std::string transaction;                       // the cookie's value; empty: none came
  std::optional<model::SessionId> session;       // of the request's cookies, if any came
};

struct OAuthAnswer {
  OAuthRefusal refusal = OAuthRefusal::kNone;
  std::optional<SignedIn> signed_in;             // begin a session
  bool connected = false;                        // the account was added to the signed-in user: nothing to begin
  std::string callback_url;                      // of the transaction, when there was one
  model::SessionId former_session;               // the session that the browser had when it began, or empty (S1)
};

class OAuthMethod {
 public:
  struct Dependencies {
    std::string callback_base;                   // "https://app.example.com/api/auth/callback/"
    store::Store& store;
    SessionAccess& sessions;
    identity::Throttle& throttle;
    const crypto::DerivedKeys& keys;
    const Clock& clock;
    Random& random;
    RefreshCounters& refreshes;
  };
  // kInvalidKey (of crypto) when the keys do not fit.
  static Result<std::unique_ptr<OAuthMethod>> Create(std::shared_ptr<const ProviderSet> providers, Dependencies dependencies);

  const std::shared_ptr<const ProviderSet>& providers() const { return providers_; }
  // The tokens of sessions that began here.
  ProviderAccess& access() { return access_; }

  // Fetches what is not known or stale of every provider's metadata: the pages name where they send people (S16), and a wrong
  // issuer shows in the log before somebody signs in. Never an error.
  Task<void> KeepMetadata();

  // Counts against the client's address (S55); an answer needs a start of its own, so that limits Finish too. Errors:
  // Errc::kThrottled, and StartAuthorization's; they are logged and audited already.
  Task<StartedSignIn> Start(ProviderConnection& provider, StartRequest request, RequestFacts facts);
  // Errors: the store's. Everything else is a refusal.
  Task<OAuthAnswer> Finish(ProviderConnection& provider, OAuthCallback callback, RequestFacts facts);

 private:
  struct Attempt;
  OAuthMethod(std::shared_ptr<const ProviderSet> providers, Dependencies dependencies, token::TransactionSealer sealer);
  std::string RedirectUri(const ProviderConnection& provider) const;
  Task<bool> UseOnce(const token::Transaction& transaction);
  Task<bool> MayConnect(token::Transaction transaction, std::optional<model::SessionId> shown);
  Task<void> Resolve(Attempt& attempt, Exchanged exchanged, ProviderProfile profile);
  OAuthAnswer Refuse(Attempt& attempt, OAuthRefusal refusal, std::string reason, std::string detail) const;

  Dependencies dependencies_;
  token::TransactionSealer sealer_;
  const std::shared_ptr<const ProviderSet> providers_;
  ProviderAccess access_;
};

}  // namespace sallyport::signin
