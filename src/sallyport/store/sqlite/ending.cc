// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/ending.h"

namespace sallyport::store::sqlite {
namespace {

void Record(Connection& connection, Revocation& revocation) {
  Query(connection, "INSERT INTO revocations (session_id, user_id, reason, until) VALUES (?, ?, ?, ?)",
        revocation.session_id, revocation.user_id, model::NameOf(revocation.reason), revocation.until)
      .Run();
  revocation.sequence = connection.last_row_id();
}

}  // namespace

std::optional<Revocation> EndSession(Connection& connection, const model::SessionId& id, model::EndReason reason) {
  Revocation revocation{0, id, {}, reason, {}};
  {
    Query row(connection, "DELETE FROM sessions WHERE id = ? RETURNING \"userId\", absolute_end, sealed_tokens", id);
    if (!row.Step()) return std::nullopt;
    revocation.user_id = row.Text(0);
    revocation.until = row.Time(1);
    revocation.sealed_tokens = row.Text(2);
  }
  Record(connection, revocation);
  return revocation;
}

std::vector<Revocation> EndSessionsOf(Connection& connection, const model::UserId& user_id,
                                      const std::optional<model::SessionId>& except, model::EndReason reason) {
  std::vector<Revocation> ended;
  {
    Query rows(connection, "DELETE FROM sessions WHERE \"userId\" = ? AND id IS NOT ? RETURNING id, absolute_end, sealed_tokens",
               user_id, except);
    while (rows.Step()) ended.push_back({0, rows.Text(0), user_id, reason, rows.Time(1), rows.Text(2)});
  }
  for (Revocation& revocation : ended) Record(connection, revocation);
  return ended;
}

void DropAccountTokens(Connection& connection, const model::UserId& user_id) {
  if (user_id.empty()) return;
  Query(connection,
        "DELETE FROM verification_token WHERE user_id = ? AND user_id <> '' AND purpose IN ('reset', 'email_change')",
        user_id)
      .Run();
}

model::EndReason ReasonFrom(std::string_view name) {
  using enum model::EndReason;
  for (const auto reason : {kSignedOut, kRevokedByUser, kRevokedByAdmin, kReplaced, kPasswordChanged, kUserDisabled,
                            kExpired, kReuseDetected}) {
    if (name == model::NameOf(reason)) return reason;
  }
  return kRevokedByAdmin;
}

}  // namespace sallyport::store::sqlite
