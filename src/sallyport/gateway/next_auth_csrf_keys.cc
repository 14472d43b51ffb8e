// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/next_auth_csrf_keys.h"

#include "sallyport/crypto/derived_keys.h"

namespace sallyport::gateway {

token::NextAuthCsrf MakeNextAuthCsrf(const Services& services) {
  const auto& shared = services.config.session.compat_secrets;
  return token::NextAuthCsrf(shared.empty() ? services.keys.All(crypto::KeyPurpose::kCompat) : std::span<const Secret>(shared));
}

}  // namespace sallyport::gateway
