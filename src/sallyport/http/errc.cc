// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/errc.h"

namespace sallyport::http {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kMalformed: return "malformed";
    case Errc::kFraming: return "framing";
    case Errc::kBadTarget: return "bad_target";
    case Errc::kBadHost: return "bad_host";
    case Errc::kTargetTooLong: return "target_too_long";
    case Errc::kHeadTooLarge: return "head_too_large";
    case Errc::kVersion: return "version";
    case Errc::kMethodNotAllowed: return "method_not_allowed";
    case Errc::kUnsupportedCoding: return "unsupported_coding";
    case Errc::kExpectation: return "expectation";
    case Errc::kBodyTooLarge: return "body_too_large";
    case Errc::kBadCookie: return "bad_cookie";
    case Errc::kBadForm: return "bad_form";
  }
  return "unknown";
}

}  // namespace sallyport::http
