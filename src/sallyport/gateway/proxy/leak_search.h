// SPDX-License-Identifier: Apache-2.0
// Searches an answer's body for the bearer that the upstream was given (S7): for `dev` and tests, where an application that
// echoes its token is to be found. Plain bytes only; the request is therefore sent without Accept-Encoding.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/stream_search.h"
#include "sallyport/gateway/request_context.h"
#include "sallyport/net/relay.h"

namespace sallyport::gateway {

class LeakSearch final : public net::BodyWatch {
 public:
  // Of context.injected_bearer, which is not empty. `context` must outlive it.
  explicit LeakSearch(const RequestContext& context);
  // False, once and with a line in the log, when the bearer has been seen.
  bool Passes(std::string_view piece) override;

 private:
  const RequestContext& context_;
  StreamSearch search_;
};

}  // namespace sallyport::gateway
