// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

#include <algorithm>
#include <stdexcept>

namespace sallyport::store {

StoreContract::StoreContract() {
  if (std::string(GetParam()) == "memory") {
    store_ = MakeMemoryStore();
    return;
  }
  dir_ = std::make_unique<test::TempDir>();
  auto opened = OpenSqliteStore({.path = dir_->File("store.db")});
  if (!opened) throw std::runtime_error(opened.error().ToLogString());
  store_ = *std::move(opened);
}

StoreContract::~StoreContract() { store_->Close(); }

model::User StoreContract::UserNamed(const std::string& id) {
  model::User user;
  user.id = id;
  user.name = "Name of " + id;
  user.email = id + "@example.com";
  user.created_at = At(0);
  return user;
}

model::User StoreContract::AddUser(const std::string& id, const std::string& password_hash) {
  const model::User user = UserNamed(id);
  Must(store_->users().Create(user, password_hash));
  return user;
}

model::TokenHash StoreContract::HashFor(const std::string& id) {
  model::TokenHash hash{};
  std::copy_n(id.begin(), std::min(id.size(), hash.size()), hash.begin());
  return hash;
}

model::SessionRecord StoreContract::SessionOf(const std::string& user_id, const std::string& id) {
  model::SessionRecord session;
  session.id = id;
  session.token_hash = HashFor(id);
  session.user_id = user_id;
  session.method = "password";
  session.amr = {"pwd"};
  session.auth_time = At(0);
  session.last_seen = At(0);
  session.idle_end = At(600);
  session.absolute_end = At(3600);
  session.ip = "192.0.2.1";
  session.user_agent = "agent";
  return session;
}

model::SessionRecord StoreContract::AddSession(const std::string& user_id, const std::string& id) {
  const model::SessionRecord session = SessionOf(user_id, id);
  Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  return session;
}

VerificationToken StoreContract::TokenFor(const std::string& purpose, const std::string& hash,
                                          const std::string& identifier, const std::string& user_id) {
  VerificationToken token;
  token.token_hash = hash;
  token.purpose = purpose;
  token.identifier = identifier;
  token.user_id = user_id;
  token.payload = std::string("sealed\0bytes", 12);
  token.created_at = At(0);
  token.expires = At(3600);
  return token;
}

std::string BackendName(const testing::TestParamInfo<const char*>& info) { return info.param; }

}  // namespace sallyport::store
