// SPDX-License-Identifier: Apache-2.0
// The SQLite implementation of each aggregate; the classes live in the .cc files. Writer and readers must outlive them.
#pragma once

#include <memory>

#include "sallyport/store/sqlite/reader_pool.h"
#include "sallyport/store/sqlite/writer.h"
#include "sallyport/store/store.h"

namespace sallyport::store::sqlite {

std::unique_ptr<UserStore> MakeUserStore(Writer& writer, ReaderPool& readers);
std::unique_ptr<SessionStore> MakeSessionStore(Writer& writer, ReaderPool& readers);
std::unique_ptr<VerificationTokenStore> MakeVerificationTokenStore(Writer& writer, ReaderPool& readers);
std::unique_ptr<KeyStore> MakeKeyStore(Writer& writer, ReaderPool& readers);
std::unique_ptr<AuditStore> MakeAuditStore(Writer& writer, ReaderPool& readers);
std::unique_ptr<MailQueue> MakeMailQueue(Writer& writer, ReaderPool& readers);

// Inserts a user; throws SQLite::Exception (a constraint when id or e-mail is taken).
void InsertUser(Connection& connection, const model::User& user, const std::string& password_hash);

}  // namespace sallyport::store::sqlite
