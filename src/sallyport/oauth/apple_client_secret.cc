// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/apple_client_secret.h"

#include "sallyport/base/json.h"
#include "sallyport/jose/jws.h"
#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {

Result<Secret> MakeAppleClientSecret(const AppleKey& key, std::string_view client_id, std::string_view issuer, Timestamp now) {
  constexpr std::int64_t kSeconds = 300;
  auto signer = jose::JwsSigner::Create(jose::Jwk::FromPrivate(key.key, key.key_id), jose::JwsAlgorithm::kEs256);
  if (!signer) return Fail(Errc::kInvalidClientSetup, "Apple's key must be a P-256 key");
  const json::object claims = {{"iss", key.team_id}, {"iat", UnixSeconds(now)}, {"exp", UnixSeconds(now) + kSeconds},
                               {"aud", issuer},      {"sub", client_id}};
  SALLYPORT_TRY(std::string jwt, signer->Sign(json::serialize(claims)));
  return Secret(std::move(jwt));
}

}  // namespace sallyport::oauth
