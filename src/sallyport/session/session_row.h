// SPDX-License-Identifier: Apache-2.0
// From the store's row to what a worker holds. Pure.
#pragma once

#include "sallyport/base/result.h"
#include "sallyport/session/session.h"
#include "sallyport/store/session_store.h"

namespace sallyport::session {

// The row gives a session now: neither end has come, and the user is there (adopted sessions may have none) and enabled.
bool IsAlive(const store::SessionWithUser& row, Timestamp now);

// Without csrf_token. store::Errc::kCorrupt when a JSON column does not hold an object.
Result<SessionData> ToSessionData(const store::SessionWithUser& row);

}  // namespace sallyport::session
