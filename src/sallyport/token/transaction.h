// SPDX-License-Identifier: Apache-2.0
// A sign-in at a provider that is under way, kept by the browser in a sealed cookie of its own per state, so that several
// tabs work at once (S12, S30).
//
// AES-256-GCM under KeyPurpose::kTransaction; provider and state are authenticated with it: a cookie moved to another state's
// name, or shown at another provider's callback, does not open. Lives 15 minutes. Whoever opens one must still make its
// use single (the store remembers StateHash). At most kMaxTransactions a browser: starting one more drops the oldest.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/sealed_box.h"
#include "sallyport/model/ids.h"

namespace sallyport::token {

inline constexpr Duration kTransactionLifetime = std::chrono::minutes(15);
inline constexpr std::size_t kMaxTransactions = 7;

struct Transaction {
  std::string state;
  std::string nonce;            // empty for plain OAuth 2.0
  std::string code_verifier;    // empty when the provider cannot do PKCE
  std::string provider;         // its id
  std::string callback_url;     // judged (S15)
  std::string link_user;        // user id: this is to add the provider to that user's account; empty: to sign in
  std::string link_session;     // the session in which that was asked for
  Timestamp started_at{};
};

class TransactionSealer {
 public:
  // kInvalidKey (of crypto) when the keys do not fit.
  static Result<TransactionSealer> Create(std::span<const Secret> keys, const Clock& clock, Random& random);

  // `started_at` is set to now. kTooLarge.
  Result<std::string> Seal(Transaction transaction) const;
  // kMalformed, kForged (also: sealed for another state or provider), kExpired, kTooLarge.
  Result<Transaction> Open(std::string_view text, std::string_view state, std::string_view provider) const;

 private:
  TransactionSealer(crypto::SealedBox box, const Clock& clock) : box_(std::move(box)), clock_(&clock) {}
  crypto::SealedBox box_;
  const Clock* clock_;
};

// `prefix` + 16 hex digits that belong to the state. A cookie's name is no secret and proves nothing.
std::string TransactionCookieName(std::string_view prefix, std::string_view state);
// When a sealed transaction says it began, without opening it: to drop the oldest. The epoch when it is none.
Timestamp ClaimedStart(std::string_view text);
// What the store remembers of a used state: lower-case hex SHA-256 under a label of its own.
std::string StateHash(std::string_view state);

}  // namespace sallyport::token
