// SPDX-License-Identifier: Apache-2.0
// Provider's profile → ours, by the mapping of the spec. Pure, bounded, strict about types (S44): numbers are taken
// only for the id, as decimal text.
//
// The id is required: 1 to 255 bytes without control characters. Name: control characters become spaces, at most 256
// bytes of whole characters. E-mail: as it stands, dropped over 254 bytes or with control characters or spaces
// (identity/ judges it further). Image: an absolute http(s) URL of at most 2048 bytes, else none.
#pragma once

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"
#include "sallyport/signin/providers/provider_spec.h"

namespace sallyport::signin {

struct ProviderProfile {
  std::string id;                    // the account's id at the provider: (issuer, id) is who signed in (S33)
  std::optional<std::string> name, email, image;
  bool email_verified = false;       // the provider vouches for the address
};

// `profile`: the ID token's claims (ProfileSource::kIdToken) or the userinfo answer with what the later requests and
// the callback's form added. Errors: Errc::kBadProfile when there is no usable id.
Result<ProviderProfile> MapProfile(const ProviderSpec& spec, const json::object& profile);

}  // namespace sallyport::signin
