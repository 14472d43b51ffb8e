// SPDX-License-Identifier: Apache-2.0
// The part of an authorization request that is the same every time: response_type, client id (under the provider's name
// for it), scope, response_mode and the provider's own parameters. A transaction adds redirect_uri, state,
// code_challenge and nonce.
#pragma once

#include <vector>

#include "sallyport/signin/providers/provider_spec.h"

namespace sallyport::signin {

std::vector<Parameter> StaticAuthorizationParameters(const ProviderSpec& spec, std::string_view client_id);

}  // namespace sallyport::signin
