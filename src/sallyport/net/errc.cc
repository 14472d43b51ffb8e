// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/errc.h"

namespace sallyport::net {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kClientGone: return "client_gone";
    case Errc::kTimeout: return "timeout";
    case Errc::kBodyTooLarge: return "body_too_large";
    case Errc::kAborted: return "aborted";
    case Errc::kUpstreamRefused: return "upstream_refused";
    case Errc::kUpstreamTimeout: return "upstream_timeout";
    case Errc::kUpstreamMalformed: return "upstream_malformed";
    case Errc::kUpstreamCut: return "upstream_cut";
    case Errc::kUpstreamBusy: return "upstream_busy";
    case Errc::kAddressNotAllowed: return "address_not_allowed";
    case Errc::kOutboundFailed: return "outbound_failed";
    case Errc::kResponseTooLarge: return "response_too_large";
    case Errc::kStopped: return "stopped";
    case Errc::kTooManyConnections: return "too_many_connections";
    case Errc::kTooManyFromAddress: return "too_many_from_address";
  }
  return "unknown";
}

}  // namespace sallyport::net
