// SPDX-License-Identifier: Apache-2.0
// What a provider says about the person, from the ID token, userinfo and the provider's further requests.
#pragma once

#include <string>

#include "sallyport/signin/oauth/code_exchange.h"
#include "sallyport/signin/providers/profile.h"

namespace sallyport::signin {

// `user_form`: the callback's form field of that name (Apple), untrusted JSON; empty: none. With OpenID Connect, userinfo must
// be about the ID token's subject (Core §5.3.4) and never replaces its claims; it is asked when the spec says so, or when the ID
// token has neither name nor address. Errors: oauth's, jose's, Errc::kBadProfile, the HTTP client's.
Task<ProviderProfile> FetchProfile(ProviderConnection& provider, const Exchanged& exchanged, std::string user_form);

}  // namespace sallyport::signin
