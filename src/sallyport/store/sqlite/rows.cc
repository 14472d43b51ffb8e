// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/rows.h"

#include <algorithm>
#include <limits>

namespace sallyport::store::sqlite {

model::User ReadUser(const Query& row, int first) {
  model::User user;
  user.id = row.Text(first);
  user.name = row.MaybeText(first + 1);
  user.email = row.MaybeText(first + 2);
  user.email_verified = row.MaybeTime(first + 3);
  user.image = row.MaybeText(first + 4);
  user.groups = SplitNames(row.View(first + 5));
  user.disabled = row.Integer(first + 6) != 0;
  user.created_at = row.Time(first + 7);
  return user;
}

model::SessionRecord ReadSession(const Query& row, int first) {
  model::SessionRecord session;
  session.id = row.Text(first);
  if (const std::string_view hash = row.View(first + 1); hash.size() == sizeof(model::TokenHash)) {
    std::ranges::copy(hash, session.token_hash.emplace().begin());
  }
  session.user_id = row.Text(first + 2);
  session.method = row.Text(first + 3);
  session.amr = SplitNames(row.View(first + 4));
  session.auth_time = row.Time(first + 5);
  session.last_seen = row.Time(first + 6);
  session.idle_end = row.Time(first + 7);
  session.absolute_end = row.Time(first + 8);
  session.ip = row.Text(first + 9);
  session.user_agent = row.Text(first + 10);
  session.claims_json = row.Text(first + 11);
  session.profile_json = row.Text(first + 12);
  session.sealed_tokens = row.Text(first + 13);
  session.version = row.Integer(first + 14);
  session.at_provider = {row.MaybeText(first + 15).value_or(""), row.MaybeText(first + 16).value_or("")};
  return session;
}

SessionWithUser ReadSessionWithUser(const Query& row) {
  SessionWithUser out{ReadSession(row, 0), std::nullopt};
  if (!row.IsNull(kSessionColumns)) out.user = ReadUser(row, kSessionColumns);
  return out;
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ',';
    out += name;
  }
  return out;
}

std::vector<std::string> SplitNames(std::string_view joined) {
  std::vector<std::string> names;
  while (!joined.empty()) {
    const std::size_t comma = std::min(joined.find(','), joined.size());
    names.emplace_back(joined.substr(0, comma));
    joined.remove_prefix(std::min(comma + 1, joined.size()));
  }
  return names;
}

std::int64_t RowLimit(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
}

}  // namespace sallyport::store::sqlite
