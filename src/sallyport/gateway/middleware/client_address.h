// SPDX-License-Identifier: Apache-2.0
// Who is calling (S24): the connection's peer, or what a trusted proxy says. Fills `client` and `client_text`.
#pragma once

#include "sallyport/gateway/request_context.h"
#include "sallyport/http/forwarded.h"

namespace sallyport::gateway {

void ResolveClientAddress(RequestContext& context, const http::TrustedProxies& proxies);

}  // namespace sallyport::gateway
