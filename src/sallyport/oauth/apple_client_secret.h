// SPDX-License-Identifier: Apache-2.0
// Sign in with Apple has no client secret: the client makes one, an ES256 JWT of its developer key ("Creating a client secret").
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/key_pair.h"

namespace sallyport::oauth {

struct AppleKey {
  std::string team_id;
  std::string key_id;
  crypto::PrivateKey key;   // P-256, from the .p8 file
};

// Five minutes long (Apple takes up to six months); made for each use. kInvalidClientSetup when the key is not P-256.
Result<Secret> MakeAppleClientSecret(const AppleKey& key, std::string_view client_id, std::string_view issuer, Timestamp now);

}  // namespace sallyport::oauth
