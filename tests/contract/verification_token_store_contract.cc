// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

class VerificationTokenStoreContract : public StoreContract {
 protected:
  VerificationTokenStore& tokens() { return store_->verification_tokens(); }
};
SALLYPORT_EVERY_BACKEND(VerificationTokenStoreContract);

TEST_P(VerificationTokenStoreContract, FindShowsEveryMemberAndConsumesNothing) {
  const VerificationToken token = TokenFor("reset", "h1", "a@example.com", "u1");
  Must(tokens().Create(token, 1));
  EXPECT_EQ(Must(tokens().Find("h1", "reset", At(1))), token);
  EXPECT_EQ(Must(tokens().Find("h1", "reset", At(1))), token);
}

TEST_P(VerificationTokenStoreContract, S54_ConsumedExactlyOnce) {
  Must(tokens().Create(TokenFor("reset", "h1", "a@example.com"), 1));
  EXPECT_TRUE(Must(tokens().Consume("h1", "reset", At(1))));
  EXPECT_FALSE(Must(tokens().Consume("h1", "reset", At(1))));
}

TEST_P(VerificationTokenStoreContract, S54_OtherPurposeOrExpiryOpensNothing) {
  Must(tokens().Create(TokenFor("reset", "h1", "a@example.com"), 1));
  EXPECT_FALSE(Must(tokens().Consume("h1", "register", At(1))));
  EXPECT_FALSE(Must(tokens().Find("h1", "reset", At(3600)))) << "expired at exactly now";
  EXPECT_FALSE(Must(tokens().Consume("h1", "reset", At(3600))));
  EXPECT_TRUE(Must(tokens().Consume("h1", "reset", At(3599))));
}

TEST_P(VerificationTokenStoreContract, S44_EmptyParametersMatchNoRow) {
  EXPECT_EQ(CodeOf(tokens().Create(TokenFor("reset", "", "a@example.com"), 1)), "conflict");
  EXPECT_EQ(CodeOf(tokens().Create(TokenFor("reset", "h1", ""), 1)), "conflict");
  EXPECT_FALSE(Must(tokens().Find("", "reset", At(1))));
  EXPECT_FALSE(Must(tokens().Find("", "", At(1))));
  EXPECT_FALSE(Must(tokens().Consume("", "", At(1))));
  EXPECT_EQ(Must(tokens().CountAttempt("", 5)), 0);
  EXPECT_EQ(CodeOf(tokens().ResetPassword("", "new", At(1))), "not_found");
}

TEST_P(VerificationTokenStoreContract, OnlyTheNewestOfAnAddressAreKept) {
  for (const char* hash : {"h1", "h2", "h3"}) Must(tokens().Create(TokenFor("reset", hash, "a@example.com"), 2));
  Must(tokens().Create(TokenFor("register", "h4", "a@example.com"), 1));
  Must(tokens().Create(TokenFor("reset", "h5", "b@example.com"), 0));
  EXPECT_FALSE(Must(tokens().Find("h1", "reset", At(1))));
  EXPECT_TRUE(Must(tokens().Find("h2", "reset", At(1))));
  EXPECT_TRUE(Must(tokens().Find("h3", "reset", At(1))));
  EXPECT_TRUE(Must(tokens().Find("h4", "register", At(1))));
  EXPECT_TRUE(Must(tokens().Find("h5", "reset", At(1)))) << "the new one always stays";
  EXPECT_EQ(CodeOf(tokens().Create(TokenFor("reset", "h5", "c@example.com"), 1)), "conflict");
}

TEST_P(VerificationTokenStoreContract, S54_WrongTriesEndTheToken) {
  Must(tokens().Create(TokenFor("reset", "h1", "a@example.com"), 1));
  EXPECT_EQ(Must(tokens().CountAttempt("h1", 3)), 1);
  EXPECT_EQ(Must(tokens().Find("h1", "reset", At(1)))->attempts, 1);
  EXPECT_EQ(Must(tokens().CountAttempt("h1", 3)), 2);
  EXPECT_EQ(Must(tokens().CountAttempt("h1", 3)), 3);
  EXPECT_FALSE(Must(tokens().Find("h1", "reset", At(1))));
  EXPECT_EQ(Must(tokens().CountAttempt("h1", 3)), 0);
}

TEST_P(VerificationTokenStoreContract, S54_RegistrationCreatesTheUserOfTheTokensAddress) {
  Must(tokens().Create(TokenFor("register", "h0", "new@example.com"), 3));
  Must(tokens().Create(TokenFor("register", "h1", "new@example.com"), 3));
  model::User user = UserNamed("u1");
  user.email = "somebody.else@example.com";
  Must(tokens().ConfirmRegistration("h1", user, "phc", At(7)));
  const auto found = Must(store_->users().FindByEmail("new@example.com"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user.id, "u1");
  EXPECT_EQ(found->user.email_verified, At(7));
  EXPECT_EQ(found->password_hash, "phc");
  EXPECT_EQ(CodeOf(tokens().ConfirmRegistration("h1", UserNamed("u2"), "phc", At(7))), "not_found");
  EXPECT_EQ(CodeOf(tokens().ConfirmRegistration("h0", UserNamed("u2"), "phc", At(7))), "not_found")
      << "siblings are gone";
}

TEST_P(VerificationTokenStoreContract, RegistrationOfATakenAddressConsumesTheToken) {
  AddUser("u1");
  Must(tokens().Create(TokenFor("register", "h1", "u1@example.com"), 1));
  EXPECT_EQ(CodeOf(tokens().ConfirmRegistration("h1", UserNamed("u2"), "phc", At(1))), "conflict");
  EXPECT_EQ(CodeOf(tokens().ConfirmRegistration("h1", UserNamed("u2"), "phc", At(1))), "not_found");
  EXPECT_FALSE(Must(store_->users().FindById("u2")));
}

TEST_P(VerificationTokenStoreContract, S5_ResetSetsThePasswordAndEndsEverything) {
  AddUser("u1", "old");
  AddSession("u1", "s1");
  Must(tokens().Create(TokenFor("reset", "h1", "u1@example.com", "u1"), 3));
  Must(tokens().Create(TokenFor("reset", "h2", "u1@example.com", "u1"), 3));
  Must(tokens().Create(TokenFor("email_change", "h3", "thief@example.com", "u1"), 3));
  const auto ended = Must(tokens().ResetPassword("h1", "new", At(9)));
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended[0].session_id, "s1");
  EXPECT_EQ(ended[0].reason, model::EndReason::kPasswordChanged);
  const auto found = Must(store_->users().FindWithPassword("u1"));
  EXPECT_EQ(found->password_hash, "new");
  EXPECT_EQ(found->user.email_verified, At(9));
  EXPECT_EQ(CodeOf(tokens().ResetPassword("h1", "again", At(9))), "not_found");
  EXPECT_EQ(CodeOf(tokens().ResetPassword("h2", "again", At(9))), "not_found");
  EXPECT_EQ(CodeOf(tokens().ChangeEmail("h3", At(9))), "not_found");
}

TEST_P(VerificationTokenStoreContract, S54_ResetIsBoundToTheAddressItWasMailedTo) {
  model::User user = AddUser("u1", "old");
  Must(tokens().Create(TokenFor("reset", "h1", "u1@example.com", "u1"), 1));
  user.email = "moved@example.com";
  Must(store_->users().UpdateProfile(user));
  EXPECT_EQ(CodeOf(tokens().ResetPassword("h1", "new", At(9))), "not_found");
  EXPECT_EQ(Must(store_->users().FindWithPassword("u1"))->password_hash, "old");
}

TEST_P(VerificationTokenStoreContract, S54_EmailChangeConfirmsOnlyTheTokensAddress) {
  AddUser("u1");
  AddUser("u2");
  Must(tokens().Create(TokenFor("email_change", "h1", "next@example.com", "u1"), 1));
  Must(tokens().ChangeEmail("h1", At(4)));
  const auto user = Must(store_->users().FindById("u1"));
  EXPECT_EQ(user->email, "next@example.com");
  EXPECT_EQ(user->email_verified, At(4));
  EXPECT_EQ(CodeOf(tokens().ChangeEmail("h1", At(4))), "not_found");

  Must(tokens().Create(TokenFor("email_change", "h2", "u2@example.com", "u1"), 1));
  EXPECT_EQ(CodeOf(tokens().ChangeEmail("h2", At(4))), "conflict");
  EXPECT_EQ(CodeOf(tokens().ChangeEmail("h2", At(4))), "not_found");
  Must(tokens().Create(TokenFor("email_change", "h3", "x@example.com", "nobody"), 1));
  EXPECT_EQ(CodeOf(tokens().ChangeEmail("h3", At(4))), "not_found");
}

TEST_P(VerificationTokenStoreContract, EmailSignInMakesANewcomerOfTheTokensAddressOnce) {
  Must(tokens().Create(TokenFor("email_signin", "h1", "new@example.com"), 3));
  model::User newcomer = UserNamed("u1");
  newcomer.email = "somebody.else@example.com";
  EXPECT_EQ(CodeOf(tokens().SignInByEmail("", newcomer, At(1))), "not_found") << "S44";
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", newcomer, At(7)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kCreated);
  ASSERT_TRUE(done.user);
  const auto found = Must(store_->users().FindByEmail("new@example.com"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, *done.user);
  EXPECT_EQ(found->user.id, "u1");
  EXPECT_EQ(found->user.email_verified, At(7));
  EXPECT_FALSE(found->password_hash);
  EXPECT_EQ(CodeOf(tokens().SignInByEmail("h1", UserNamed("u2"), At(7))), "not_found");
}

TEST_P(VerificationTokenStoreContract, S54_EmailSignInTakesNeitherOtherPurposesNorExpiredTokens) {
  AddUser("u1");
  Must(tokens().Create(TokenFor("reset", "h1", "u1@example.com", "u1"), 3));
  Must(tokens().Create(TokenFor("email_signin", "h2", "u1@example.com"), 3));
  EXPECT_EQ(CodeOf(tokens().SignInByEmail("h1", std::nullopt, At(1))), "not_found");
  EXPECT_EQ(CodeOf(tokens().SignInByEmail("h2", std::nullopt, At(3600))), "not_found");
  EXPECT_EQ(CodeOf(tokens().ResetPassword("h2", "new", At(1))), "not_found");
}

TEST_P(VerificationTokenStoreContract, EmailSignInWithoutNewcomersMakesNobodyAndConsumesTheToken) {
  Must(tokens().Create(TokenFor("email_signin", "h1", "new@example.com"), 3));
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", std::nullopt, At(1)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kNobody);
  EXPECT_FALSE(done.user);
  EXPECT_FALSE(Must(store_->users().FindByEmail("new@example.com")));
  EXPECT_EQ(CodeOf(tokens().SignInByEmail("h1", UserNamed("u1"), At(1))), "not_found");
}

TEST_P(VerificationTokenStoreContract, EmailSignInLeavesAVerifiedUserAsTheyAre) {
  model::User user = AddUser("u1", "phc");
  user.email_verified = At(3);
  Must(store_->users().UpdateProfile(user));
  AddSession("u1", "s1");
  Must(tokens().Create(TokenFor("email_signin", "h1", "u1@example.com"), 3));
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", UserNamed("u2"), At(9)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kSignedIn);
  EXPECT_EQ(done.user, user);
  EXPECT_TRUE(done.ended.empty());
  EXPECT_EQ(Must(store_->users().FindWithPassword("u1"))->password_hash, "phc");
  EXPECT_TRUE(Must(store_->sessions().FindById("s1")));
}

TEST_P(VerificationTokenStoreContract, S33_EmailSignInTakesPasswordAndSessionsFromAnUnprovedUser) {
  model::User user = AddUser("u1", "squatter");
  user.email_verified.reset();
  Must(store_->users().UpdateProfile(user));
  AddSession("u1", "s1");
  Must(tokens().Create(TokenFor("email_change", "h0", "thief@example.com", "u1"), 3));
  Must(tokens().Create(TokenFor("email_signin", "h1", "u1@example.com"), 3));
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", std::nullopt, At(9)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kClaimed);
  ASSERT_TRUE(done.user);
  EXPECT_EQ(done.user->email_verified, At(9));
  ASSERT_EQ(done.ended.size(), 1u);
  EXPECT_EQ(done.ended[0].session_id, "s1");
  const auto found = Must(store_->users().FindWithPassword("u1"));
  EXPECT_FALSE(found->password_hash);
  EXPECT_EQ(found->user.email_verified, At(9));
  EXPECT_FALSE(Must(store_->sessions().FindById("s1")));
  EXPECT_EQ(CodeOf(tokens().ChangeEmail("h0", At(9))), "not_found");
}

TEST_P(VerificationTokenStoreContract, S33_AnUnprovedAddressOnAProvidersUserDoesNotKeepItsOwnerOut) {
  model::User squatter = UserNamed("u1");
  squatter.email_verified.reset();
  Must(store_->users().CreateWithAccount(squatter, {"u1", "oauth", "careless", "7"}));
  AddSession("u1", "s1");
  Must(tokens().Create(TokenFor("email_signin", "h0", "u1@example.com"), 3));
  Must(tokens().Create(TokenFor("email_signin", "h1", "u1@example.com"), 3));
  EXPECT_EQ(Must(tokens().SignInByEmail("h0", std::nullopt, At(8))).outcome, EmailSignInOutcome::kNotLinked) << "newcomers are not taken";
  EXPECT_TRUE(Must(store_->users().FindById("u1"))->email);
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", UserNamed("u2"), At(9)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kCreated);
  ASSERT_EQ(done.ended.size(), 1u);
  EXPECT_EQ(done.ended[0].session_id, "s1");
  EXPECT_EQ(Must(store_->users().FindByEmail("u1@example.com"))->user.id, "u2");
  EXPECT_FALSE(Must(store_->users().FindById("u1"))->email) << "the provider's user goes on without it";
  EXPECT_EQ(Must(store_->users().FindByAccount("careless", "7"))->id, "u1");
}

TEST_P(VerificationTokenStoreContract, S33_EmailSignInIntoAnUnprovedUserOfTheBackEndIsRefused) {
  model::User user = UserNamed("u1");
  user.email_verified.reset();
  Must(store_->users().CreateWithAccount(user, {"u1", "credentials", "backend", "7"}));
  Must(tokens().Create(TokenFor("email_signin", "h1", "u1@example.com"), 3));
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", UserNamed("u2"), At(9)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kNotLinked);
  EXPECT_FALSE(done.user);
  EXPECT_FALSE(Must(store_->users().FindById("u1"))->email_verified);
}

TEST_P(VerificationTokenStoreContract, EmailSignInNeverLetsADisabledUserIn) {
  AddUser("u1");
  Must(store_->sessions().SetUserDisabled("u1", true));
  Must(tokens().Create(TokenFor("email_signin", "h1", "u1@example.com"), 3));
  const SignedInByEmail done = Must(tokens().SignInByEmail("h1", UserNamed("u2"), At(9)));
  EXPECT_EQ(done.outcome, EmailSignInOutcome::kDisabled);
  EXPECT_FALSE(done.user);
}

TEST_P(VerificationTokenStoreContract, DeletesExpiredUpToALimit) {
  for (const char* hash : {"h1", "h2", "h3"}) Must(tokens().Create(TokenFor("reset", hash, "a@example.com"), 9));
  EXPECT_EQ(Must(tokens().DeleteExpired(At(3599), 9)), 0u);
  EXPECT_EQ(Must(tokens().DeleteExpired(At(3600), 2)), 2u);
  EXPECT_EQ(Must(tokens().DeleteExpired(At(3600), 9)), 1u);
}

}  // namespace
}  // namespace sallyport::store
