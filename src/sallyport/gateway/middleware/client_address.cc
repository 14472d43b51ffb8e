// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/client_address.h"

namespace sallyport::gateway {

void ResolveClientAddress(RequestContext& context, const http::TrustedProxies& proxies) {
  const std::string_view peer = context.exchange->peer().address;
  auto& known = ConnectionMemo::Of(*context.exchange).peer;
  // A unix-socket peer is on this machine; it counts as loopback for trust and for limits.
  if (!known) known = http::IpAddress::Parse(peer).value_or(http::IpAddress::FromV4(0x7f000001));
  if (proxies.empty()) {
    context.client = *known;
    context.client_text.assign(peer == "unix" ? std::string_view("127.0.0.1") : peer);
    return;
  }
  context.client = http::ResolveClient(*known, context.exchange->head().fields, proxies).address;
  context.client_text = context.client.ToString();
}

}  // namespace sallyport::gateway
