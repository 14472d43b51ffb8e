// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/proxy/leak_search.h"

#include "sallyport/base/log.h"

namespace sallyport::gateway {

LeakSearch::LeakSearch(const RequestContext& context) : context_(context), search_(std::string(context.injected_bearer)) {}

bool LeakSearch::Passes(std::string_view piece) {
  if (!search_.Feed(piece)) return true;
  log::Error("cut an answer whose body held the session's access token; the upstream must not send it to browsers",
             {{"upstream", context_.upstream->net.name},
              {"route", context_.route->path},
              {"request_id", context_.request_id_text()}});
  return false;
}

}  // namespace sallyport::gateway
