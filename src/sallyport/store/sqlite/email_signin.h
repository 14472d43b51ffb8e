// SPDX-License-Identifier: Apache-2.0
// Who an e-mail sign-in signs in, inside a command: the address is proved and its token consumed already.
#pragma once

#include <optional>
#include <string>

#include "sallyport/store/sqlite/connection.h"
#include "sallyport/store/verification_token_store.h"

namespace sallyport::store::sqlite {

SignedInByEmail SignInAddress(Connection& connection, const std::string& address, std::optional<model::User> newcomer, Timestamp now);

}  // namespace sallyport::store::sqlite
