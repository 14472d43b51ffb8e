// SPDX-License-Identifier: Apache-2.0
// The commands of store/account_resolution.h on SQLite; each runs inside one command of the writer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/store/account_resolution.h"
#include "sallyport/store/sqlite/connection.h"

namespace sallyport::store::sqlite {

void InsertAccount(Connection& connection, const model::Account& account);
std::vector<model::Account> AccountsOf(Connection& connection, const model::UserId& user_id);

AccountResolution ResolveAccount(Connection& connection, const ResolveAccountCommand& command);
UnlinkOutcome UnlinkAccount(Connection& connection, const UnlinkAccountCommand& command);

}  // namespace sallyport::store::sqlite
