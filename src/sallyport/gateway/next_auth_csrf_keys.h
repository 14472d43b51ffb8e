// SPDX-License-Identifier: Apache-2.0
// The double-submit token of next-auth clients, keyed by compat.secret when the app shares one, else by a key of ours (S45).
#pragma once

#include "sallyport/crypto/derived_keys.h"
#include "sallyport/session/options.h"
#include "sallyport/token/next_auth_csrf.h"

namespace sallyport::gateway {

token::NextAuthCsrf MakeNextAuthCsrf(const session::SessionOptions& options, const crypto::DerivedKeys& keys);

}  // namespace sallyport::gateway
