// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::net {

enum class Errc {
  kClientGone = 1,      // the client closed or reset; nothing can be answered
  kTimeout,             // the client was too slow: 408
  kBodyTooLarge,        // 413
  kAborted,             // Abort() was called
  kUpstreamRefused,     // 502: could not connect, or no healthy address
  kUpstreamTimeout,     // 504
  kUpstreamMalformed,   // 502: its answer was not HTTP
  kUpstreamCut,         // it closed before the answer was complete; when the head was sent: the client is cut too
  kUpstreamBusy,        // 503: pool limit reached
  kAddressNotAllowed,   // an outbound URL resolved to a private address (S37)
  kOutboundFailed,      // DNS, connection or TLS trouble of an outbound call
  kResponseTooLarge,    // of an outbound call
  kStopped,
  kTooManyConnections,  // 503: of the process
  kTooManyFromAddress,  // 429: connections of one client address
};
const char* NameOf(Errc e);

}  // namespace sallyport::net

SALLYPORT_ERRC(sallyport::net, "net")
