// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/client_address.h"

namespace sallyport::gateway {

void ResolveClientAddress(RequestContext& context, const http::TrustedProxies& proxies) {
  const std::string_view peer = context.exchange->peer().address;
  const auto parsed = http::IpAddress::Parse(peer);
  if (proxies.empty() && parsed) {
    context.client = *parsed;
    context.client_text.assign(peer);
    context.through_proxy = false;
    return;
  }
  // A unix-socket peer is on this machine; it counts as loopback for trust and for limits.
  const http::IpAddress address = parsed.value_or(http::IpAddress::FromV4(0x7f000001));
  const http::ClientAddress client = http::ResolveClient(address, context.exchange->head().fields, proxies);
  context.client = client.address;
  context.through_proxy = client.through_proxy;
  context.client_text = context.client.ToString();
}

}  // namespace sallyport::gateway
