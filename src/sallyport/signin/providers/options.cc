// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/options.h"

#include <tuple>

#include "sallyport/crypto/constant_time.h"

namespace sallyport::signin {
namespace {

bool Same(const ProviderCredentials& a, const ProviderCredentials& b) {
  return std::tie(a.client_id, a.key_id, a.team_id) == std::tie(b.client_id, b.key_id, b.team_id) &&
         crypto::Equal(a.client_secret.Reveal(), b.client_secret.Reveal()) && crypto::Equal(a.private_key.Reveal(), b.private_key.Reveal());
}

}  // namespace

bool ProviderOptions::operator==(const ProviderOptions& other) const {
  const auto plain = [](const ProviderOptions& o) {
    return std::tie(o.spec, o.trust_email, o.allow_registration, o.allow_private_network, o.sign_out_there);
  };
  return plain(*this) == plain(other) && Same(credentials, other.credentials);
}

}  // namespace sallyport::signin
