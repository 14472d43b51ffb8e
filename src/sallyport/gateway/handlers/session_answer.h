// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/session, which next-auth's clients ask at every page and every focus, without an allocation: what does not
// change while the session lives is rendered once and kept with it.
//
// Only the usual case: this worker knows the session, by one cookie that need not be written anew. Everything else is left to
// HandleGetSession, whose answer is the same byte for byte.
#pragma once

#include <string>

#include "sallyport/async/task.h"
#include "sallyport/gateway/request_context.h"
#include "sallyport/gateway/services.h"

namespace sallyport::gateway {

class SessionAnswer {
 public:
  explicit SessionAnswer(const Services& services);

  // False: not the usual case, nothing was done. On a worker. Else the answer is in context.block (its body) and
  // context.answer_block (its header lines).
  bool TryMake(RequestContext& context) const;

 private:
  const Services& services_;
  std::string before_cookie_;   // header lines, up to the cookie's value
  std::string after_cookie_;    // from the end of the cookie up to the request id
};

}  // namespace sallyport::gateway
