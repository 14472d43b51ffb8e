// SPDX-License-Identifier: Apache-2.0
// Makes and reads the one-time tokens of the mail flows: minted here, only the hash in the store, the payload sealed under it.
//
// Thread-safe. What is passed to the constructor must outlive it.
#pragma once

#include <optional>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/base/random.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/sealed_box.h"
#include "sallyport/store/verification_token_store.h"

namespace sallyport::identity {

inline constexpr std::string_view kPurposeRegister = "register";
inline constexpr std::string_view kPurposeReset = "reset";
inline constexpr std::string_view kPurposeEmailChange = "email_change";
inline constexpr std::string_view kPurposeEmailSignIn = "email_signin";

struct TokenRequest {
  std::string purpose;
  std::string email;       // the canonical address it will be mailed to
  std::string user_id;     // may be empty
  json::object payload;
  Duration lifetime{};
  std::size_t kept = 3;    // of the newest tokens of one purpose and address; older ones go
};

struct ReadToken {
  store::VerificationToken row;
  json::object payload;
};

class AccountTokens {
 public:
  AccountTokens(store::VerificationTokenStore& store, const crypto::DerivedKeys& keys, const Clock& clock, Random& random);

  // Stores it; returns the token's text for the mail.
  Task<std::string> Issue(TokenRequest request);
  // The two halves of it, for payloads that hang on the token itself.
  static std::string MintText(Random& random);
  Task<void> Keep(std::string token, TokenRequest request);
  // Looks, changes nothing (S11). kInvalidToken.
  Task<ReadToken> Read(std::string token, std::string purpose);
  // The same for whoever knows the hash only (a sealed cookie of ours): it names a token and proves nothing.
  Task<ReadToken> ReadByHash(std::string token_hash, std::string purpose);
  // kInvalidToken when the text cannot be a token (S44).
  static Result<std::string> HashOf(std::string_view token);

 private:
  store::VerificationTokenStore& store_;
  crypto::SealedBox box_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace sallyport::identity
