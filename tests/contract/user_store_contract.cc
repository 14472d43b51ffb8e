// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class UserStoreContract : public StoreContract {};
SALLYPORT_EVERY_BACKEND(UserStoreContract);

TEST_P(UserStoreContract, EveryMemberComesBack) {
  model::User user = UserNamed("u1");
  user.email_verified = At(5);
  user.image = "https://example.com/ü.png";
  user.groups = {"admin", "staff"};
  user.disabled = true;
  Must(store_->users().Create(user, "phc"));
  EXPECT_EQ(Must(store_->users().FindById("u1")), user);
  const auto found = Must(store_->users().FindByEmail("u1@example.com"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, user);
  EXPECT_EQ(found->password_hash, "phc");
}

TEST_P(UserStoreContract, AbsentMembersStayAbsent) {
  model::User user;
  user.id = "u1";
  Must(store_->users().Create(user, ""));
  const auto found = Must(store_->users().FindWithPassword("u1"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, user);
  EXPECT_EQ(found->password_hash, std::nullopt);
}

TEST_P(UserStoreContract, TakenIdOrEmailIsAConflict) {
  AddUser("u1");
  EXPECT_EQ(CodeOf(store_->users().Create(UserNamed("u1"), "")), "conflict");
  model::User other = UserNamed("u2");
  other.email = "u1@example.com";
  EXPECT_EQ(CodeOf(store_->users().Create(other, "")), "conflict");
  EXPECT_EQ(Must(store_->users().FindById("u2")), std::nullopt);
}

TEST_P(UserStoreContract, UsersWithoutEmailDoNotCollide) {
  model::User user;
  user.id = "u1";
  Must(store_->users().Create(user, ""));
  user.id = "u2";
  EXPECT_EQ(CodeOf(store_->users().Create(user, "")), "ok");
}

TEST_P(UserStoreContract, S44_EmptyParametersMatchNoRow) {
  model::User user;
  user.id = "u1";
  Must(store_->users().Create(user, ""));
  EXPECT_FALSE(Must(store_->users().FindById("")));
  EXPECT_FALSE(Must(store_->users().FindByEmail("")));
  EXPECT_FALSE(Must(store_->users().FindWithPassword("")));
  EXPECT_FALSE(Must(store_->users().FindByAccount("", "")));
  EXPECT_EQ(CodeOf(store_->users().ReplacePasswordHash("u1", "", "new")), "conflict");
  user.id = "";
  EXPECT_EQ(CodeOf(store_->users().Create(user, "")), "conflict");
  user.id = "u2";
  user.email = "";
  EXPECT_EQ(CodeOf(store_->users().Create(user, "")), "conflict");
  user.email = std::nullopt;
  EXPECT_EQ(CodeOf(store_->users().CreateWithAccount(user, {"u2", "credentials", "backend", ""})), "conflict");
}

TEST_P(UserStoreContract, AccountIdentifiesItsUser) {
  const model::User user = UserNamed("u1");
  Must(store_->users().CreateWithAccount(user, {"u1", "credentials", "backend", "42"}));
  EXPECT_EQ(Must(store_->users().FindByAccount("backend", "42")), user);
  EXPECT_EQ(Must(store_->users().FindByAccount("backend", "43")), std::nullopt);
  EXPECT_EQ(Must(store_->users().FindByAccount("other", "42")), std::nullopt);
  EXPECT_THAT(Must(store_->users().ListAccounts("u1")),
              ElementsAre(model::Account{"u1", "credentials", "backend", "42"}));
}

TEST_P(UserStoreContract, TakenAccountLeavesNoUserBehind) {
  Must(store_->users().CreateWithAccount(UserNamed("u1"), {"u1", "credentials", "backend", "42"}));
  EXPECT_EQ(CodeOf(store_->users().CreateWithAccount(UserNamed("u2"), {"u2", "credentials", "backend", "42"})),
            "conflict");
  EXPECT_EQ(Must(store_->users().FindById("u2")), std::nullopt);
}

TEST_P(UserStoreContract, ListPagesByIdAndSearchesWithoutCase) {
  for (const char* id : {"a", "b", "c"}) AddUser(id);
  EXPECT_EQ(Must(store_->users().List({.limit = 2})).size(), 2u);
  const auto rest = Must(store_->users().List({.after_id = "b"}));
  ASSERT_EQ(rest.size(), 1u);
  EXPECT_EQ(rest[0].id, "c");
  EXPECT_EQ(Must(store_->users().List({.contains = "B@EXAMPLE"})).size(), 1u);
  EXPECT_EQ(Must(store_->users().List({.contains = "name OF"})).size(), 3u);
  EXPECT_THAT(Must(store_->users().List({.contains = "%"})), IsEmpty());
}

TEST_P(UserStoreContract, ProfileChangesButNotTheLock) {
  model::User user = AddUser("u1");
  AddUser("u2");
  user.name = std::nullopt;
  user.groups = {"x"};
  user.email = "new@example.com";
  user.disabled = true;
  Must(store_->users().UpdateProfile(user));
  user.disabled = false;
  EXPECT_EQ(Must(store_->users().FindById("u1")), user);
  user.email = "u2@example.com";
  EXPECT_EQ(CodeOf(store_->users().UpdateProfile(user)), "conflict");
  EXPECT_EQ(CodeOf(store_->users().UpdateProfile(UserNamed("nobody"))), "not_found");
}

TEST_P(UserStoreContract, RehashDoesNotUndoAPasswordChange) {
  AddUser("u1", "old");
  Must(store_->users().ReplacePasswordHash("u1", "old", "rehashed"));
  EXPECT_EQ(CodeOf(store_->users().ReplacePasswordHash("u1", "old", "stale")), "conflict");
  EXPECT_EQ(CodeOf(store_->users().ReplacePasswordHash("nobody", "old", "x")), "conflict");
  EXPECT_EQ(Must(store_->users().FindWithPassword("u1"))->password_hash, "rehashed");
}

}  // namespace
}  // namespace sallyport::store
