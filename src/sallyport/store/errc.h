// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sallyport/base/error.h"

namespace sallyport::store {

enum class Errc {
  kUnavailable = 1,   // cannot be reached, is locked, full or read-only: 503, nothing was changed
  kBusy,              // a bounded queue is full: 503 with Retry-After
  kConflict,          // compare-and-swap lost, or a unique value is taken
  kNotFound,
  kCorrupt,           // the store's content is not what we wrote
  kTooNew,            // its schema is from a later version of the program
  kFileLost,          // its file was deleted or replaced while open: 503 until it is back or the server is started anew
};
const char* NameOf(Errc e);

}  // namespace sallyport::store

SALLYPORT_ERRC(sallyport::store, "store")
