// SPDX-License-Identifier: Apache-2.0
// A provider's tokens as a session keeps them, sealed (docs/formats.md, "Tokens of a provider").
#pragma once

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/signin/oauth/code_exchange.h"

namespace sallyport::signin {

// {provider, iss, sub, sid, access_token, token_type, expires_at, refresh_token, id_token, scope}; what there is none of is
// left out. `issuer` and `subject`: of the account.
json::object TokensForSession(const ProviderSpec& spec, const Exchanged& exchanged, std::string_view issuer, std::string_view subject, Timestamp now);

}  // namespace sallyport::signin
