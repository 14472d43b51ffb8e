// SPDX-License-Identifier: Apache-2.0
// From an authorization code to tokens that are believed: the token request, and the ID token verified (S31).
#pragma once

#include <optional>
#include <string>

#include "sallyport/oauth/token_response.h"
#include "sallyport/signin/oauth/provider_connection.h"
#include "sallyport/token/transaction.h"

namespace sallyport::signin {

struct Exchanged {
  oauth::TokenResponse tokens;
  std::optional<oauth::IdToken> id_token;   // OpenID Connect: always
};

// Errors: oauth's (an ID token that is missing: kMissingClaim), jose's, and the HTTP client's.
Task<Exchanged> ExchangeCode(ProviderConnection& provider, std::string code, std::string redirect_uri, token::Transaction transaction);

}  // namespace sallyport::signin
