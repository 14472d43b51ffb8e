// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_row.h"

#include <algorithm>

namespace sallyport::session {
namespace {

std::optional<std::string> GetOwned(const json::object& object, std::string_view name) {
  const auto view = GetString(object, name);
  return view ? std::optional<std::string>(*view) : std::nullopt;
}

}  // namespace

bool IsAlive(const store::SessionWithUser& row, Timestamp now) {
  if (row.session.idle_end <= now || row.session.absolute_end <= now) return false;
  return row.user ? !row.user->disabled : row.session.method == "adopted";
}

Result<SessionData> ToSessionData(const store::SessionWithUser& row) {
  const model::SessionRecord& record = row.session;
  auto claims = ParseJsonObject(record.claims_json);
  if (!claims) return Fail(store::Errc::kCorrupt, "claims of a session are no JSON object");
  SessionData data;
  data.id = record.id;
  data.user_id = record.user_id;
  if (row.user) {
    data.name = row.user->name;
    data.email = row.user->email;
    data.image = row.user->image;
    data.email_verified = row.user->email_verified.has_value();
    data.groups = row.user->groups;
    std::sort(data.groups.begin(), data.groups.end());
  } else {
    auto profile = ParseJsonObject(record.profile_json);
    if (!profile) return Fail(store::Errc::kCorrupt, "profile of a session is no JSON object");
    data.name = GetOwned(*profile, "name");
    data.email = GetOwned(*profile, "email");
    data.image = GetOwned(*profile, "image");
  }
  data.method = record.method;
  data.amr = record.amr;
  data.auth_time = record.auth_time;
  data.absolute_end = record.absolute_end;
  data.claims = *std::move(claims);
  data.sealed_tokens = record.sealed_tokens;
  data.version = record.version;
  return data;
}

}  // namespace sallyport::session
