// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

using model::EndReason;
using testing::ElementsAre;
using testing::IsEmpty;

class SessionStoreContract : public StoreContract {};
SALLYPORT_EVERY_BACKEND(SessionStoreContract);

std::vector<std::string> IdsOf(const std::vector<Revocation>& revocations) {
  std::vector<std::string> ids;
  for (const auto& revocation : revocations) ids.push_back(revocation.session_id);
  return ids;
}

TEST_P(SessionStoreContract, EveryMemberComesBackWithTheUser) {
  const model::User user = AddUser("u1");
  model::SessionRecord session = SessionOf("u1", "s1");
  session.amr = {"pwd", "otp"};
  session.claims_json = R"({"plan":"pro"})";
  session.sealed_tokens = std::string("\0\x01\xff", 3);
  session.version = 7;
  session.at_provider = {"sub", "sid"};
  EXPECT_EQ(Must(store_->sessions().CompleteSignIn({session, std::nullopt})), std::nullopt);
  for (const auto& found : {Must(store_->sessions().FindById("s1")),
                            Must(store_->sessions().FindByTokenHash(*session.token_hash))}) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->session, session);
    EXPECT_EQ(found->user, user);
  }
}

TEST_P(SessionStoreContract, S36_WhatALogoutTokenNamesIsFoundBySubjectOrSid) {
  AddUser("u1");
  const auto add = [&](std::string id, std::string method, model::AtProvider at) {
    model::SessionRecord session = SessionOf("u1", std::move(id));
    session.method = std::move(method);
    session.at_provider = std::move(at);
    Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  };
  add("s1", "work", {"ada", "a"});
  add("s2", "work", {"ada", "b"});
  add("s3", "work", {"bob", ""});
  add("s4", "other", {"ada", "a"});
  add("s5", "password", {});
  add("s6", "work", {});
  const auto found = [&](model::AtProvider named) { return Must(store_->sessions().FindAtProvider("work", std::move(named))); };
  EXPECT_THAT(found({"", "a"}), ElementsAre("s1"));
  EXPECT_THAT(found({"ada", ""}), testing::UnorderedElementsAre("s1", "s2"));
  EXPECT_THAT(found({"bob", "b"}), testing::UnorderedElementsAre("s2", "s3"));
  EXPECT_THAT(found({"ada", "a"}), testing::UnorderedElementsAre("s1", "s2"));
  EXPECT_THAT(found({"eve", "e"}), IsEmpty());
  EXPECT_THAT(found({}), IsEmpty());
  Must(store_->sessions().Revoke("s1", std::nullopt, EndReason::kSignedOut));
  EXPECT_THAT(found({"", "a"}), IsEmpty());
}

TEST_P(SessionStoreContract, EndsTellTheTokensOnce) {
  AddUser("u1");
  for (const char* id : {"s1", "s2"}) {
    model::SessionRecord session = SessionOf("u1", id);
    session.sealed_tokens = std::string("sealed of ") + id;
    Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  }
  EXPECT_EQ(Must(store_->sessions().Revoke("s1", std::nullopt, EndReason::kSignedOut))->sealed_tokens, "sealed of s1");
  EXPECT_EQ(Must(store_->sessions().RevokeAllOfUser("u1", std::nullopt, EndReason::kRevokedByUser)).at(0).sealed_tokens, "sealed of s2");
  for (const auto& revocation : Must(store_->sessions().RevocationsSince(0, At(0)))) EXPECT_EQ(revocation.sealed_tokens, "");
}

TEST_P(SessionStoreContract, S44_SessionsWithoutTokenAreFoundByIdOnly) {
  AddUser("u1");
  model::SessionRecord session = SessionOf("u1", "s1");
  session.token_hash = std::nullopt;
  Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  session.id = "s2";
  Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  EXPECT_FALSE(Must(store_->sessions().FindByTokenHash({})));
  EXPECT_FALSE(Must(store_->sessions().FindById("")));
  session.id = "";
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({session, std::nullopt})), "conflict");
}

TEST_P(SessionStoreContract, OnlyEnabledUsersSignIn) {
  AddUser("u1");
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({SessionOf("gone", "s1"), std::nullopt})), "not_found");
  Must(store_->sessions().SetUserDisabled("u1", true));
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({SessionOf("u1", "s1"), std::nullopt})), "not_found");
}

TEST_P(SessionStoreContract, AdoptedSessionsNeedNoUserRow) {
  model::SessionRecord session = SessionOf("sub-of-elsewhere", "s1");
  session.method = "adopted";
  session.profile_json = R"({"name":"Ada"})";
  Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  const auto found = Must(store_->sessions().FindById("s1"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->session, session);
  EXPECT_EQ(found->user, std::nullopt);
}

TEST_P(SessionStoreContract, S5_DisabledUserIsNotAdoptedEither) {
  AddUser("u1");
  Must(store_->sessions().SetUserDisabled("u1", true));
  model::SessionRecord session = SessionOf("u1", "s1");
  session.method = "adopted";
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({session, std::nullopt})), "not_found");
}

TEST_P(SessionStoreContract, S1_SignInEndsTheBrowsersFormerSession) {
  AddUser("u1");
  AddSession("u1", "s1");
  const auto replaced = Must(store_->sessions().CompleteSignIn({SessionOf("u1", "s2"), "s1"}));
  ASSERT_TRUE(replaced);
  EXPECT_EQ(replaced->session_id, "s1");
  EXPECT_EQ(replaced->reason, EndReason::kReplaced);
  EXPECT_EQ(replaced->until, At(3600));
  EXPECT_FALSE(Must(store_->sessions().FindById("s1")));
  EXPECT_EQ(Must(store_->sessions().CompleteSignIn({SessionOf("u1", "s3"), "unknown"})), std::nullopt);
}

TEST_P(SessionStoreContract, TakenIdOrTokenIsAConflictAndEndsNothing) {
  AddUser("u1");
  AddSession("u1", "s1");
  AddSession("u1", "s2");
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({SessionOf("u1", "s1"), "s2"})), "conflict");
  model::SessionRecord same_token = SessionOf("u1", "s3");
  same_token.token_hash = HashFor("s1");
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({same_token, "s2"})), "conflict");
  EXPECT_TRUE(Must(store_->sessions().FindById("s2")));
}

TEST_P(SessionStoreContract, S5_WhatWasEndedNeverComesBack) {
  AddUser("u1");
  AddSession("u1", "s1");
  Must(store_->sessions().Revoke("s1", std::nullopt, EndReason::kSignedOut));
  EXPECT_EQ(CodeOf(store_->sessions().CompleteSignIn({SessionOf("u1", "s1"), std::nullopt})), "conflict");
  EXPECT_EQ(CodeOf(store_->sessions().UpdateClaims("s1", 1, "{}")), "not_found");
  Must(store_->sessions().Touch({{"s1", At(9), At(99)}}));
  EXPECT_FALSE(Must(store_->sessions().FindById("s1")));
}

TEST_P(SessionStoreContract, ListsAreNewestFirstAndLeaveExpiredOut) {
  AddUser("u1");
  AddUser("u2");
  for (int i = 1; i <= 3; ++i) {
    model::SessionRecord session = SessionOf(i == 3 ? "u2" : "u1", "s" + std::to_string(i));
    session.auth_time = At(i);
    session.idle_end = At(600 + i);
    Must(store_->sessions().CompleteSignIn({session, std::nullopt}));
  }
  const auto mine = Must(store_->sessions().ListForUser("u1", At(0)));
  ASSERT_EQ(mine.size(), 2u);
  EXPECT_EQ(mine[0].id, "s2");
  EXPECT_EQ(Must(store_->sessions().ListForUser("u1", At(601))).size(), 1u) << "expired at exactly now";
  EXPECT_THAT(Must(store_->sessions().ListForUser("", At(0))), IsEmpty());

  const auto all = Must(store_->sessions().List("", 2, At(0)));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].session.id, "s3");
  EXPECT_EQ(all[0].user->id, "u2");
  EXPECT_EQ(Must(store_->sessions().List("u1", 10, At(0))).size(), 2u);
  EXPECT_THAT(Must(store_->sessions().List("", 10, At(3600))), IsEmpty());
}

TEST_P(SessionStoreContract, S4_TouchOnlyMovesForwardAndNeverPastTheAbsoluteEnd) {
  AddUser("u1");
  AddSession("u1", "s1");
  Must(store_->sessions().Touch({{"s1", At(50), At(650)}, {"unknown", At(50), At(650)}, {"s1", At(40), At(640)}}));
  auto session = Must(store_->sessions().FindById("s1"))->session;
  EXPECT_EQ(session.last_seen, At(50));
  EXPECT_EQ(session.idle_end, At(650));
  Must(store_->sessions().Touch({{"s1", At(60), At(999'999)}}));
  session = Must(store_->sessions().FindById("s1"))->session;
  EXPECT_EQ(session.idle_end, At(3600));
  EXPECT_EQ(session.absolute_end, At(3600));
}

TEST_P(SessionStoreContract, UpdatesCompareAndSwapOnTheVersion) {
  AddUser("u1");
  AddSession("u1", "s1");
  EXPECT_EQ(Must(store_->sessions().UpdateClaims("s1", 1, R"({"a":1})")), 2);
  EXPECT_EQ(CodeOf(store_->sessions().UpdateTokens("s1", 1, "stale")), "conflict");
  EXPECT_EQ(Must(store_->sessions().UpdateTokens("s1", 2, "sealed")), 3);
  EXPECT_EQ(CodeOf(store_->sessions().UpdateClaims("unknown", 1, "{}")), "not_found");
  const auto session = Must(store_->sessions().FindById("s1"))->session;
  EXPECT_EQ(session.claims_json, R"({"a":1})");
  EXPECT_EQ(session.sealed_tokens, "sealed");
  EXPECT_EQ(session.version, 3);
}

TEST_P(SessionStoreContract, RevokeEndsOnceAndOnlyTheOwners) {
  AddUser("u1");
  AddSession("u1", "s1");
  EXPECT_FALSE(Must(store_->sessions().Revoke("s1", "u2", EndReason::kRevokedByUser)));
  EXPECT_FALSE(Must(store_->sessions().Revoke("s1", "", EndReason::kRevokedByUser)));
  const auto ended = Must(store_->sessions().Revoke("s1", "u1", EndReason::kRevokedByUser));
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->user_id, "u1");
  EXPECT_GT(ended->sequence, 0);
  EXPECT_FALSE(Must(store_->sessions().Revoke("s1", "u1", EndReason::kRevokedByUser)));
  EXPECT_FALSE(Must(store_->sessions().FindByTokenHash(HashFor("s1"))));
}

TEST_P(SessionStoreContract, RevokeAllSparesTheExceptedAndOtherUsers) {
  AddUser("u1");
  AddUser("u2");
  for (const char* id : {"s1", "s2", "s3"}) AddSession("u1", id);
  AddSession("u2", "other");
  const auto ended = Must(store_->sessions().RevokeAllOfUser("u1", "s2", EndReason::kRevokedByUser));
  EXPECT_THAT(IdsOf(ended), testing::UnorderedElementsAre("s1", "s3"));
  EXPECT_TRUE(Must(store_->sessions().FindById("s2")));
  EXPECT_TRUE(Must(store_->sessions().FindById("other")));
  EXPECT_THAT(Must(store_->sessions().RevokeAllOfUser("", std::nullopt, EndReason::kRevokedByUser)), IsEmpty());
}

TEST_P(SessionStoreContract, S5_DisablingEndsAllSessions) {
  AddUser("u1");
  AddSession("u1", "s1");
  AddSession("u1", "s2");
  const auto ended = Must(store_->sessions().SetUserDisabled("u1", true));
  EXPECT_EQ(ended.size(), 2u);
  EXPECT_EQ(ended[0].reason, EndReason::kUserDisabled);
  EXPECT_TRUE(Must(store_->users().FindById("u1"))->disabled);
  EXPECT_THAT(Must(store_->sessions().SetUserDisabled("u1", false)), IsEmpty());
  EXPECT_FALSE(Must(store_->users().FindById("u1"))->disabled);
  EXPECT_EQ(CodeOf(store_->sessions().SetUserDisabled("nobody", true)), "not_found");
}

TEST_P(SessionStoreContract, S5_PasswordChangeEndsTheOtherSessionsAndPendingTokens) {
  AddUser("u1", "old");
  AddSession("u1", "s1");
  AddSession("u1", "s2");
  Must(store_->verification_tokens().Create(TokenFor("reset", "r1", "u1@example.com", "u1"), 1));
  const auto ended = Must(store_->sessions().SetPassword("u1", "new", "s2"));
  EXPECT_THAT(IdsOf(ended), ElementsAre("s1"));
  EXPECT_EQ(ended[0].reason, EndReason::kPasswordChanged);
  EXPECT_EQ(Must(store_->users().FindWithPassword("u1"))->password_hash, "new");
  EXPECT_FALSE(Must(store_->verification_tokens().Find("r1", "reset", At(1))));
  EXPECT_EQ(CodeOf(store_->sessions().SetPassword("nobody", "x", std::nullopt)), "not_found");
}

TEST_P(SessionStoreContract, RevocationLogIsReadFromASequenceOn) {
  AddUser("u1");
  for (const char* id : {"s1", "s2", "s3"}) {
    AddSession("u1", id);
    Must(store_->sessions().Revoke(id, std::nullopt, EndReason::kReuseDetected));
  }
  const auto all = Must(store_->sessions().RevocationsSince(0, At(0)));
  EXPECT_THAT(IdsOf(all), ElementsAre("s1", "s2", "s3"));
  EXPECT_LT(all[0].sequence, all[1].sequence);
  EXPECT_EQ(all[0].reason, EndReason::kReuseDetected);
  EXPECT_THAT(IdsOf(Must(store_->sessions().RevocationsSince(all[1].sequence, At(0)))), ElementsAre("s3"));
  EXPECT_THAT(Must(store_->sessions().RevocationsSince(0, At(3600))), IsEmpty());
}

TEST_P(SessionStoreContract, DeletesWhatHasEndedAndNeverReusesASequence) {
  AddUser("u1");
  AddSession("u1", "s1");
  AddSession("u1", "s2");
  const auto first = Must(store_->sessions().Revoke("s1", std::nullopt, EndReason::kSignedOut));
  EXPECT_EQ(Must(store_->sessions().DeleteExpired(At(599), 100)), 0u);
  EXPECT_EQ(Must(store_->sessions().DeleteExpired(At(600), 100)), 1u) << "s2 has idled out";
  EXPECT_EQ(Must(store_->sessions().DeleteExpired(At(3600), 100)), 1u) << "the revocation can be forgotten";
  AddSession("u1", "s3");
  const auto second = Must(store_->sessions().Revoke("s3", std::nullopt, EndReason::kSignedOut));
  EXPECT_GT(second->sequence, first->sequence);
  for (const char* id : {"a", "b", "c"}) AddSession("u1", id);
  EXPECT_EQ(Must(store_->sessions().DeleteExpired(At(9999), 2)), 2u);
}

}  // namespace
}  // namespace sallyport::store
