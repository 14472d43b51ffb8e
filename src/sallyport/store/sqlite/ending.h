// SPDX-License-Identifier: Apache-2.0
// Ending sessions inside a command: the rows go, the revocation log has them, in one transaction.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "sallyport/store/session_store.h"
#include "sallyport/store/sqlite/connection.h"

namespace sallyport::store::sqlite {

std::optional<Revocation> EndSession(Connection& connection, const model::SessionId& id, model::EndReason reason);
std::vector<Revocation> EndSessionsOf(Connection& connection, const model::UserId& user_id,
                                      const std::optional<model::SessionId>& except, model::EndReason reason);
// Deletes the user's tokens that could still change their password or address.
void DropAccountTokens(Connection& connection, const model::UserId& user_id);

// The reason that NameOf gave; kRevokedByAdmin for a name that we do not know.
model::EndReason ReasonFrom(std::string_view name);

}  // namespace sallyport::store::sqlite
