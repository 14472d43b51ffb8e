// SPDX-License-Identifier: Apache-2.0
#include "sallyport/async/errc.h"

namespace sallyport::async {

const char* NameOf(Errc e) {
  switch (e) {
    case Errc::kQueueFull: return "queue_full";
    case Errc::kStopped: return "stopped";
    case Errc::kDeadline: return "deadline";
  }
  return "unknown";
}

}  // namespace sallyport::async
