// SPDX-License-Identifier: Apache-2.0
// Client addresses: the result is the peer, or an address that the field names; nothing is believed from a stranger (S24).
// A line feed separates fields.
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/http/forwarded.h"

namespace http = sallyport::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const http::TrustedProxies proxies({*http::Cidr::Parse("10.0.0.0/8"), *http::Cidr::Parse("fd00::/8")});
  const auto proxy = *http::IpAddress::Parse("10.0.0.1"), stranger = *http::IpAddress::Parse("203.0.113.1");
  http::HeaderTable fields;
  for (std::string_view rest = text;;) {
    const auto end = rest.find('\n');
    for (const std::string_view name : {"X-Forwarded-For", "Forwarded", "X-Forwarded-Proto"})
      fields.Add({name, rest.substr(0, end), http::IdentifyHeader(name)});
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  for (const auto syntax : {http::ForwardedSyntax::kXForwardedFor, http::ForwardedSyntax::kForwarded}) {
    const auto client = http::ResolveClient(proxy, fields, proxies, syntax);
    FUZZ_EXPECT(client.through_proxy);
    FUZZ_EXPECT(client.proto.empty() || client.proto == "http" || client.proto == "https");
    FUZZ_EXPECT(http::IpAddress::Parse(client.address.ToString()) == client.address);
    const auto other = http::ResolveClient(stranger, fields, proxies, syntax);
    FUZZ_EXPECT(other.address == stranger && !other.through_proxy && other.proto.empty() && other.host.empty());
  }
  if (const auto network = http::Cidr::Parse(text)) FUZZ_EXPECT(http::Cidr::Parse(network->ToString()) == network);
  return 0;
}
