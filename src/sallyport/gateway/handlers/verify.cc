// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/verify when it does not stand literally in the request line, or when [forward_auth] is not configured: no.
// Those who may ask are answered before (forward_auth/verify.cc).
#include "sallyport/gateway/handlers/handlers.h"

namespace sallyport::gateway {

Task<Answer> HandleVerify(AuthRequest&) {
  co_return Answer::Problem(403, "forward_auth_off", "Nobody may ask here", "See [forward_auth] in the configuration.");
}

}  // namespace sallyport::gateway
