// SPDX-License-Identifier: Apache-2.0
// Deletes what has ended or is older than it is kept: sessions, revocations, verification tokens, audit events, mail.
#pragma once

#include "sallyport/async/task.h"
#include "sallyport/store/options.h"
#include "sallyport/store/store.h"

namespace sallyport::store {

// In batches of a few hundred rows, each a write of its own, so that nobody waits long behind it. At most some ten thousand
// rows of a kind: what is left goes with the next call. The store's errors.
Task<void> Prune(Store& store, RetentionOptions keep, Timestamp now);

}  // namespace sallyport::store
