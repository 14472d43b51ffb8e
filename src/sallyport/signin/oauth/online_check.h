// SPDX-License-Identifier: Apache-2.0
// Asks a configured provider whether the configuration is right, without signing anybody in: `check-config --online`.
#pragma once

#include <string>
#include <vector>

#include "sallyport/signin/oauth/provider_connection.h"

namespace sallyport::signin {

struct OnlineFinding {
  std::string key;          // of [signin.provider.NAME] that is to blame; empty: the provider cannot be judged now
  std::string message, hint;
};

// Discovery and its issuer, the key set, the authorization endpoint, and the client's credentials: a code that cannot exist is
// redeemed, and a provider that says invalid_client knows the client or its secret not. Others refuse the code first; then
// nothing can be told of the secret. Empty: nothing is wrong as far as can be told.
Task<std::vector<OnlineFinding>> CheckOnline(ProviderConnection& provider, std::string redirect_uri, Random& random);

}  // namespace sallyport::signin
