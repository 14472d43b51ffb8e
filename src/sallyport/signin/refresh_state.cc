// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/refresh_state.h"

#include "sallyport/signin/token_refresher.h"

namespace sallyport::signin {
namespace {

RefreshState ReadState(const json::object& members) {
  RefreshState out;
  const json::value* value = members.if_contains("refresh");
  if (value == nullptr || !value->is_object()) return out;
  const json::object& state = value->get_object();
  out.asking = state.contains("asking");
  out.lost = state.contains("lost");
  if (const auto until = GetInteger(state, "until")) out.until = FromUnixSeconds(*until);
  return out;
}

}  // namespace

void StoredTokens::SetState(const RefreshState& next) {
  state = next;
  json::object written;
  if (next.asking) written["asking"] = true;
  if (next.lost) written["lost"] = true;
  if (next.until != Timestamp{}) written["until"] = UnixSeconds(next.until);
  members["refresh"] = std::move(written);
}

StoredTokens ReadStoredTokens(json::object members, std::int64_t version) {
  StoredTokens tokens;
  tokens.access = GetString(members, "access_token").value_or("");
  tokens.refresh = GetString(members, "refresh_token").value_or("");
  tokens.expires = tokens.due = Timestamp::max();
  if (const auto at = GetInteger(members, "expires_at")) {
    tokens.expires = FromUnixSeconds(*at);
    tokens.due = tokens.expires - kRefreshAhead;
  }
  if (const auto at = GetInteger(members, "refresh_at")) tokens.due = FromUnixSeconds(*at);
  tokens.state = ReadState(members);
  tokens.members = std::move(members);
  tokens.version = version;
  return tokens;
}

}  // namespace sallyport::signin
