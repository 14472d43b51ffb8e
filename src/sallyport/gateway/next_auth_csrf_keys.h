// SPDX-License-Identifier: Apache-2.0
// The double-submit token of next-auth clients, keyed by compat.secret when the app shares one, else by a key of ours (S45).
#pragma once

#include "sallyport/gateway/services.h"
#include "sallyport/token/next_auth_csrf.h"

namespace sallyport::gateway {

token::NextAuthCsrf MakeNextAuthCsrf(const Services& services);

}  // namespace sallyport::gateway
