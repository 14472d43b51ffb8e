// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/_log: where v4 clients report their errors. Read, noted at debug level, never trusted.
#include "sallyport/base/log.h"
#include "sallyport/gateway/handlers/handlers.h"

namespace sallyport::gateway {

Task<Answer> HandleClientLog(AuthRequest& request) {
  if (request.services.config.session.compat != session::NextAuthCompat::kV4) co_return Answer::Json(400, json::string("Bad request."));
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  log::Debug("a next-auth client reports", {{"level", body->Get("level")}, {"code", body->Get("code")}, {"request_id", request.request_id}});
  co_return Answer::Empty(200);
}

}  // namespace sallyport::gateway
