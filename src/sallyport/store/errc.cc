// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/errc.h"

namespace sallyport::store {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kUnavailable: return "unavailable";
    case Errc::kBusy: return "busy";
    case Errc::kConflict: return "conflict";
    case Errc::kNotFound: return "not_found";
    case Errc::kCorrupt: return "corrupt";
    case Errc::kTooNew: return "too_new";
    case Errc::kFileLost: return "file_lost";
  }
  return "unknown";
}

}  // namespace sallyport::store
