// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/request_context.h"

namespace sallyport::gateway {

void RequestContext::Reset(net::Exchange& for_exchange) {
  exchange = &for_exchange;
  navigation = false;
  route_index = -1;
  route = nullptr;
  upstream = nullptr;
  trace.sampled = false;
  cookies = nullptr;
  resolution = {};
  block.clear();
  cookie.clear();
  identity.clear();
  request_edits = {};
  injected_bearer = {};
  answer_block.clear();
  set_cookies.clear();
  refusal.reset();
  status = 0;
}

bool TryResolveSession(session::SessionService& sessions, RequestContext& context) {
  const http::HeaderTable& fields = context.exchange->head().fields;
  if (context.cookies == nullptr) return sessions.TryResolve(fields, /*slide=*/true, context.resolution);
  return sessions.TryResolve(fields, /*slide=*/true, context.cookies->key, context.resolution);
}

RequestContextPool::Lease::Lease(RequestContextPool& pool, net::Exchange& exchange) : pool_(pool) {
  if (pool_.free_.empty()) {
    context_ = std::make_unique<RequestContext>();
  } else {
    context_ = std::move(pool_.free_.back());
    pool_.free_.pop_back();
  }
  context_->Reset(exchange);
}

RequestContextPool::Lease::~Lease() {
  context_->resolution = {};   // a session must not outlive its requests in a free list
  if (pool_.free_.size() < kKept) pool_.free_.push_back(std::move(context_));
}

}  // namespace sallyport::gateway
