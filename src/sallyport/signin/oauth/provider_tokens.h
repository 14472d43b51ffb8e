// SPDX-License-Identifier: Apache-2.0
// A provider's tokens as a session keeps them, sealed (docs/formats.md, "Tokens of a provider").
#pragma once

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"
#include "sallyport/model/session_record.h"
#include "sallyport/signin/oauth/code_exchange.h"

namespace sallyport::signin {

// {provider, iss, sub, sid, access_token, token_type, expires_at, refresh_at, refresh_token, id_token, scope}; what there is none
// of is left out. `issuer` and `subject`: of the account, for providers without ID tokens.
json::object TokensForSession(const ProviderSpec& spec, const Exchanged& exchanged, std::string_view issuer, std::string_view subject, Timestamp now);

// Who that is there, for back-channel logout.
model::AtProvider AtProviderFrom(const json::object& tokens);

// `former` with what a refresh has brought; what it has not brought stays, but for the end of the access token's life. The ID
// token in `fresh` must be verified.
json::object RefreshedTokens(json::object former, const oauth::TokenResponse& fresh, Timestamp now);

}  // namespace sallyport::signin
