// SPDX-License-Identifier: Apache-2.0
// Why bytes were not accepted. gateway/error_response.cc maps each to a status.
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::http {

enum class Errc {
  kMalformed = 1,        // 400: not HTTP/1.x, or a field that is not well formed
  kFraming,              // 400 and close: it is in doubt where the message ends (S25)
  kBadTarget,            // 400: the target cannot be made canonical (S20)
  kBadHost,              // 400: Host missing, repeated or not an authority
  kTargetTooLong,        // 414
  kHeadTooLarge,         // 431: bytes or number of fields
  kVersion,              // 505
  kMethodNotAllowed,     // 405: TRACE, TRACK, CONNECT
  kUnsupportedCoding,    // 400 and close: a transfer coding other than chunked
  kExpectation,          // 417: Expect other than 100-continue
  kBodyTooLarge,         // 413
  kBadCookie,            // never fatal for a request: the cookie is left out
  kBadForm,              // 400
};
const char* NameOf(Errc e);

}  // namespace sallyport::http

SALLYPORT_ERRC(sallyport::http, "http")
