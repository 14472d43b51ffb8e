// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/next_auth_csrf_keys.h"

namespace sallyport::gateway {

token::NextAuthCsrf MakeNextAuthCsrf(const session::SessionOptions& options, const crypto::DerivedKeys& keys) {
  const auto& shared = options.compat_secrets;
  return token::NextAuthCsrf(shared.empty() ? keys.All(crypto::KeyPurpose::kCompat) : std::span<const Secret>(shared));
}

}  // namespace sallyport::gateway
