// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include "store_contract.h"

namespace sallyport::store {
namespace {

using enum AccountOutcome;

class AccountContract : public StoreContract {
 protected:
  static ResolveAccountCommand SignIn(const std::string& subject, const std::string& email = "", bool vouched = false) {
    ResolveAccountCommand command;
    command.account = {"", "oidc", "work", subject, "https://id.example.com"};
    command.candidate.id = "new-" + subject;
    command.candidate.name = "From the provider";
    if (!email.empty()) command.candidate.email = email;
    command.email_vouched = vouched;
    if (vouched) command.candidate.email_verified = At(1);
    command.candidate.created_at = At(0);
    command.now = At(1);
    return command;
  }
  AccountResolution Resolve(ResolveAccountCommand command) { return Must(store_->users().ResolveAccount(std::move(command))); }
  model::User AddConfirmed(const std::string& id) {
    model::User user = UserNamed(id);
    user.email_verified = At(0);
    Must(store_->users().Create(user, "phc"));
    return user;
  }
  model::User AddUnconfirmed(const std::string& id) {
    model::User user = UserNamed(id);
    user.email_verified.reset();
    Must(store_->users().Create(user, "phc"));
    return user;
  }
  std::optional<std::string> PasswordOf(const std::string& id) { return Must(store_->users().FindWithPassword(id))->password_hash; }
};
SALLYPORT_EVERY_BACKEND(AccountContract);

TEST_P(AccountContract, S33_AnUnknownPersonBecomesAUserAndIsKnownTheNextTime) {
  const auto first = Resolve(SignIn("s1", "u1@example.com", true));
  EXPECT_EQ(first.outcome, kCreated);
  EXPECT_EQ(first.user.id, "new-s1");
  EXPECT_EQ(Must(store_->users().FindById("new-s1")), first.user);
  ResolveAccountCommand again = SignIn("s1", "other@example.com", true);
  again.candidate.id = "never";
  const auto second = Resolve(again);
  EXPECT_EQ(second.outcome, kKnown);
  EXPECT_EQ(second.user, first.user) << "the e-mail of a later sign-in decides nothing";
  EXPECT_THAT(Must(store_->users().ListAccounts("new-s1")),
              testing::ElementsAre(model::Account{"new-s1", "oidc", "work", "s1", "https://id.example.com"}));
}

TEST_P(AccountContract, S33_AnAddressLinksOnlyWhenBothSidesHaveConfirmedIt) {
  AddConfirmed("u1");
  EXPECT_EQ(Resolve(SignIn("s1", "u1@example.com", false)).outcome, kNotLinked);
  EXPECT_TRUE(Must(store_->users().ListAccounts("u1")).empty());
  const auto linked = Resolve(SignIn("s1", "u1@example.com", true));
  EXPECT_EQ(linked.outcome, kLinked);
  EXPECT_EQ(linked.user.id, "u1");
  EXPECT_TRUE(linked.ended.empty());
  EXPECT_EQ(PasswordOf("u1"), "phc");
}

TEST_P(AccountContract, S33_AnUnconfirmedUserWhoIsClaimedLosesPasswordSessionsAndPendingTokens) {
  AddUnconfirmed("u1");
  AddSession("u1", "squatter");
  Must(store_->verification_tokens().Create(TokenFor("reset", std::string(64, 'a'), "u1@example.com", "u1"), 3));
  Must(store_->verification_tokens().Create(TokenFor("email_change", std::string(64, 'b'), "evil@example.com", "u1"), 3));
  EXPECT_EQ(Resolve(SignIn("s1", "u1@example.com", false)).outcome, kNotLinked);
  EXPECT_EQ(PasswordOf("u1"), "phc");

  const auto claimed = Resolve(SignIn("s1", "u1@example.com", true));
  EXPECT_EQ(claimed.outcome, kClaimed);
  EXPECT_EQ(claimed.user.id, "u1");
  EXPECT_EQ(claimed.user.name, "From the provider");
  EXPECT_EQ(claimed.user.email_verified, At(1));
  ASSERT_EQ(claimed.ended.size(), 1u);
  EXPECT_EQ(claimed.ended[0].session_id, "squatter");
  EXPECT_EQ(PasswordOf("u1"), std::nullopt);
  EXPECT_FALSE(Must(store_->sessions().FindById("squatter")));
  EXPECT_FALSE(Must(store_->verification_tokens().Find(std::string(64, 'a'), "reset", At(0))));
  EXPECT_FALSE(Must(store_->verification_tokens().Find(std::string(64, 'b'), "email_change", At(0))));
  EXPECT_EQ(Must(store_->users().FindById("u1")), claimed.user);
}

TEST_P(AccountContract, S33_WhoHasAnotherWayInKeepsTheUserAndLosesAnAddressThatWasNeverTheirs) {
  ResolveAccountCommand squatter = SignIn("squatter", "u1@example.com", false);
  squatter.account.provider = "lax";
  ASSERT_EQ(Resolve(squatter).outcome, kCreated);
  AddSession("new-squatter", "s1");
  const auto owner = Resolve(SignIn("owner", "u1@example.com", true));
  EXPECT_EQ(owner.outcome, kCreatedWithAddress);
  EXPECT_EQ(owner.user.id, "new-owner");
  EXPECT_EQ(owner.user.email, "u1@example.com");
  EXPECT_EQ(owner.ended.size(), 1u);
  EXPECT_EQ(Must(store_->users().FindById("new-squatter"))->email, std::nullopt);
  squatter.candidate.email.reset();
  EXPECT_EQ(Resolve(squatter).user.id, "new-squatter");
}

TEST_P(AccountContract, S33_AUserOfTheBackEndIsNotTakenOver) {
  model::User user = UserNamed("u1");
  user.email_verified.reset();
  Must(store_->users().CreateWithAccount(user, {"u1", "credentials", "backend", "42"}));
  EXPECT_EQ(Resolve(SignIn("s1", "u1@example.com", true)).outcome, kNotLinked);
  EXPECT_EQ(Must(store_->users().FindById("u1")), user);
}

TEST_P(AccountContract, S33_ASignedInUserConnectsAnAccountThatNobodyHas) {
  AddUnconfirmed("u1");
  AddConfirmed("u2");
  ResolveAccountCommand connect = SignIn("s1", "u2@example.com", true);
  connect.link_to = "u1";
  const auto linked = Resolve(connect);
  EXPECT_EQ(linked.outcome, kLinked);
  EXPECT_EQ(linked.user.id, "u1") << "who asked, not who has the address";
  EXPECT_EQ(Resolve(connect).outcome, kKnown);
  connect.link_to = "u2";
  EXPECT_EQ(Resolve(connect).outcome, kOtherOwner);
  ResolveAccountCommand ghost = SignIn("s2");
  ghost.link_to = "gone";
  EXPECT_EQ(Resolve(ghost).outcome, kNoSuchUser);
  EXPECT_FALSE(Must(store_->users().FindByAccount("work", "s2")));
}

TEST_P(AccountContract, S33_AnotherIssuerUnderTheSameProviderIdIsAnotherPerson) {
  ASSERT_EQ(Resolve(SignIn("s1")).outcome, kCreated);
  ResolveAccountCommand moved = SignIn("s1");
  moved.account.issuer = "https://elsewhere.example";
  EXPECT_EQ(Resolve(moved).outcome, kWrongIssuer);
}

TEST_P(AccountContract, AnImportedAccountTakesTheIssuerThatComesFirst) {
  Must(store_->users().CreateWithAccount(UserNamed("u1"), {"u1", "oidc", "work", "s1"}));
  EXPECT_EQ(Resolve(SignIn("s1")).outcome, kKnown);
  EXPECT_EQ(Must(store_->users().ListAccounts("u1")).at(0).issuer, "https://id.example.com");
}

TEST_P(AccountContract, DisabledUsersAndClosedDoorsRefuse) {
  AddConfirmed("u1");
  Must(store_->sessions().SetUserDisabled("u1", true));
  EXPECT_EQ(Resolve(SignIn("s1", "u1@example.com", true)).outcome, kDisabled);
  ResolveAccountCommand closed = SignIn("s2", "u2@example.com", true);
  closed.may_create = false;
  EXPECT_EQ(Resolve(closed).outcome, kClosed);
  EXPECT_FALSE(Must(store_->users().FindByEmail("u2@example.com")));
  AddConfirmed("u3");
  ResolveAccountCommand known = SignIn("s3", "u3@example.com", true);
  known.may_create = false;
  EXPECT_EQ(Resolve(known).outcome, kLinked);
  Must(store_->sessions().SetUserDisabled("u3", true));
  EXPECT_EQ(Resolve(known).outcome, kDisabled);
}

TEST_P(AccountContract, S44_EmptyIdsAreNobody) {
  ResolveAccountCommand command = SignIn("");
  EXPECT_EQ(CodeOf(store_->users().ResolveAccount(command)), "conflict");
  command = SignIn("s1");
  command.account.provider.clear();
  EXPECT_EQ(CodeOf(store_->users().ResolveAccount(command)), "conflict");
}

TEST_P(AccountContract, FirstSignInsAtTheSameTimeMakeOneUser) {
  std::vector<std::thread> threads;
  std::vector<AccountResolution> out(8);
  for (std::size_t i = 0; i < out.size(); ++i) {
    threads.emplace_back([&, i] {
      ResolveAccountCommand command = SignIn("s1", "u1@example.com", true);
      command.candidate.id = "new-" + std::to_string(i);
      out[i] = Must(store_->users().ResolveAccount(std::move(command)));
    });
  }
  for (auto& thread : threads) thread.join();
  std::size_t created = 0;
  for (const auto& each : out) {
    created += each.outcome == kCreated;
    EXPECT_EQ(each.user.id, out[0].user.id);
  }
  EXPECT_EQ(created, 1u);
}

class UnlinkContract : public AccountContract {
 protected:
  UnlinkOutcome Unlink(const std::string& user, bool password_counts = true, bool email_counts = false) {
    return Must(store_->users().UnlinkAccount({user, "work", "s1", {"work", "other"}, password_counts, email_counts}));
  }
};
SALLYPORT_EVERY_BACKEND(UnlinkContract);

TEST_P(UnlinkContract, TheLastWayInStays) {
  ASSERT_EQ(Resolve(SignIn("s1", "u1@example.com", true)).outcome, kCreated);
  EXPECT_EQ(Unlink("new-s1"), UnlinkOutcome::kLastWayIn);
  EXPECT_TRUE(Must(store_->users().FindByAccount("work", "s1")));
  EXPECT_EQ(Unlink("new-s1", true, true), UnlinkOutcome::kUnlinked) << "a confirmed address is a way in where mail can be sent";
  EXPECT_FALSE(Must(store_->users().FindByAccount("work", "s1")));
}

TEST_P(UnlinkContract, APasswordOrAnotherUsableProviderIsAWayIn) {
  AddConfirmed("u1");
  ASSERT_EQ(Resolve(SignIn("s1", "u1@example.com", true)).outcome, kLinked);
  EXPECT_EQ(Unlink("u1", false), UnlinkOutcome::kLastWayIn);
  ResolveAccountCommand retired = SignIn("r1");
  retired.account.provider = "retired";
  retired.link_to = "u1";
  ASSERT_EQ(Resolve(retired).outcome, kLinked);
  EXPECT_EQ(Unlink("u1", false), UnlinkOutcome::kLastWayIn) << "a provider that is not configured any more lets nobody in";
  EXPECT_EQ(Unlink("u1", true), UnlinkOutcome::kUnlinked);
}

TEST_P(UnlinkContract, S57_NobodyUnlinksWhatIsSomebodyElses) {
  AddConfirmed("u1");
  AddConfirmed("u2");
  ASSERT_EQ(Resolve(SignIn("s1", "u1@example.com", true)).outcome, kLinked);
  EXPECT_EQ(Unlink("u2"), UnlinkOutcome::kNotFound);
  EXPECT_EQ(Unlink(""), UnlinkOutcome::kNotFound);
  EXPECT_TRUE(Must(store_->users().FindByAccount("work", "s1")));
}

}  // namespace
}  // namespace sallyport::store
