// SPDX-License-Identifier: Apache-2.0
// Columns and rows of the aggregates that more than one store reads. The macros name columns so that statements stay
// literals; `first` is the index of the first of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/model/session_record.h"
#include "sallyport/model/user.h"
#include "sallyport/store/session_store.h"
#include "sallyport/store/sqlite/connection.h"

#define SALLYPORT_USER_COLUMNS \
  "u.id, u.name, u.email, u.\"emailVerified\", u.image, u.\"groups\", u.disabled, u.created_at"
#define SALLYPORT_SESSION_COLUMNS                                                                                  \
  "s.id, s.\"sessionToken\", s.\"userId\", s.method, s.amr, s.auth_time, s.last_seen, s.expires, s.absolute_end, " \
  "s.ip, s.user_agent, s.claims, s.profile, s.sealed_tokens, s.version, s.provider_subject, s.provider_sid"

namespace sallyport::store::sqlite {

inline constexpr int kUserColumns = 8;
inline constexpr int kSessionColumns = 17;

model::User ReadUser(const Query& row, int first);
model::SessionRecord ReadSession(const Query& row, int first);
// Session columns, then the user's (all NULL for adopted sessions).
SessionWithUser ReadSessionWithUser(const Query& row);

// Lists of names without commas.
std::string JoinNames(const std::vector<std::string>& names);
std::vector<std::string> SplitNames(std::string_view joined);

// For LIMIT.
std::int64_t RowLimit(std::size_t limit);

}  // namespace sallyport::store::sqlite
