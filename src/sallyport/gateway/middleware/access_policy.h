// SPDX-License-Identifier: Apache-2.0
// May this session use this route (WIRE.md §3 "No session on a protected route")? Pure.
#pragma once

#include "sallyport/gateway/options.h"
#include "sallyport/session/session.h"

namespace sallyport::gateway {

enum class AccessVerdict : std::uint8_t { kAllowed, kLoginRequired, kForbidden };

// Whether what a session says decides: groups or claims are asked for.
bool HasConditions(const Route& route);

// `session` may be null. Any configured group, and every configured claim with any of its values, must be there.
AccessVerdict JudgeAccess(const Route& route, const session::SessionData* session);

}  // namespace sallyport::gateway
