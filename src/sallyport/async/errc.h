// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::async {

enum class Errc {
  kQueueFull = 1,  // a bounded queue has no room: 503 with Retry-After
  kStopped,        // the service is shutting down: 503
  kDeadline,       // time ran out
};
const char* NameOf(Errc e);

}  // namespace sallyport::async

SALLYPORT_ERRC(sallyport::async, "async")
