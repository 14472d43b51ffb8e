// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/account_flows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/recording_sessions.h"
#include "support/signin_world.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;

constexpr auto* kPassword = "correct horse battery";
const RequestFacts kFacts{"192.0.2.1", "UA", "req-1", false};

class AccountFlowsTest : public test::SigninWorld {
 protected:
  AccountFlowsTest() { options_.registration = Registration::kVerified; }

  AccountFlows& flows() {
    if (!flows_) {
      email_.enabled = mail_enabled_;
      email_.keep_in_mailbox = true;
      mail_.emplace(email_, MailBranding{}, Origin{"http", "localhost", 8080}, *store_, keys_, clock_, random_, nullptr,
                    loop_.executor());
      flows_.emplace(AccountFlows::Dependencies{options_, "Acme", *store_, hasher_, *throttle_, *mail_, sessions_, keys_, clock_, random_});
    }
    return *flows_;
  }
  FlowAnswer Register(std::string email, std::string binding = "browser-1") {
    return Run(flows().Register(std::move(email), "Anna", Secret(kPassword), std::move(binding), kFacts)).value();
  }
  // The newest mail's one-time token.
  std::string Token() {
    const auto links = Mails().at(0).links;
    const auto at = links.empty() ? std::string::npos : links[0].find("token=");
    return at == std::string::npos ? "" : links[0].substr(at + 6);
  }
  std::vector<MailboxEntry> Mails() { return Run(mail_->Mailbox(20)).value(); }
  void AddSession(std::string id, std::string user) {
    model::SessionRecord record;
    record.id = std::move(id);
    record.user_id = std::move(user);
    record.method = "password";
    record.idle_end = record.absolute_end = clock_.Now() + std::chrono::hours(1);
    ASSERT_TRUE(Run(store_->sessions().CompleteSignIn({record, std::nullopt})));
  }
  static crypto::DerivedKeys Keys() {
    const Secret secrets[] = {Secret(std::string(32, 's'))};
    return crypto::DerivedKeys::Derive(secrets).value();
  }

  PasswordOptions options_;
  bool mail_enabled_ = true;
  crypto::DerivedKeys keys_ = Keys();
  test::RecordingSessions sessions_;
  EmailOptions email_;
  std::optional<MailSender> mail_;
  std::optional<AccountFlows> flows_;
};

TEST_F(AccountFlowsTest, RegistersConfirmsAndKnowsThePerson) {
  EXPECT_EQ(Register("Anna@Example.org").outcome, FlowOutcome::kMailSent);
  EXPECT_FALSE(Run(store_->users().FindByEmail("anna@example.org")).value()) << "no row before the address is proved";
  EXPECT_EQ(Run(flows().PeekToken(Token(), "register")).value(), "anna@example.org");
  const auto answer = Run(flows().ConfirmRegistration(Token(), "browser-1", Secret(), kFacts)).value();
  ASSERT_EQ(answer.outcome, FlowOutcome::kDone);
  EXPECT_EQ(answer.user->email, "anna@example.org");
  EXPECT_TRUE(answer.user->email_verified);
  EXPECT_THAT(AuditLines(), ElementsAre("user.create success", "register success"));
  EXPECT_EQ(Run(flows().ConfirmRegistration(Token(), "browser-1", Secret(), kFacts)).value().outcome, FlowOutcome::kInvalidToken);
}

TEST_F(AccountFlowsTest, S54_OtherBrowserMustProveThePassword) {
  Register("anna@example.org");
  const auto token = Token();
  EXPECT_EQ(Run(flows().ConfirmRegistration(token, "browser-2", Secret(), kFacts)).value().outcome, FlowOutcome::kNeedsProof);
  EXPECT_EQ(Run(flows().ConfirmRegistration(token, "", Secret(kPassword), kFacts)).value().outcome, FlowOutcome::kDone);
}

TEST_F(AccountFlowsTest, S50_KnownAndUnknownAddressesGetOneAnswer) {
  AddUser("u1", "known@example.org", Hash(kPassword));
  for (const bool reset : {false, true}) {
    const auto known = reset ? Run(flows().RequestReset("known@example.org", kFacts)).value() : Register("known@example.org");
    const auto unknown = reset ? Run(flows().RequestReset("unknown@example.org", kFacts)).value() : Register("unknown@example.org");
    EXPECT_EQ(known.outcome, FlowOutcome::kMailSent);
    EXPECT_EQ(unknown.outcome, known.outcome);
    EXPECT_EQ(unknown.reason, known.reason);
    EXPECT_EQ(unknown.user, known.user);
    EXPECT_EQ(unknown.retry_after, known.retry_after);
  }
  std::vector<std::string> subjects;
  for (const auto& mail : Mails()) subjects.push_back(mail.to + ": " + mail.subject);
  EXPECT_THAT(subjects, ElementsAre("unknown@example.org: No account with this address", "known@example.org: Choose a new password",
                                    "unknown@example.org: Confirm your e-mail address", "known@example.org: You already have an account"));
}

TEST_F(AccountFlowsTest, ClosedRegistrationAndMissingMailAreSaid) {
  options_.registration = Registration::kClosed;
  EXPECT_EQ(Register("anna@example.org").outcome, FlowOutcome::kClosed);
  flows_.reset();
  mail_.reset();
  options_.registration = Registration::kVerified;
  mail_enabled_ = false;
  EXPECT_EQ(Register("anna@example.org").outcome, FlowOutcome::kClosed);
  EXPECT_EQ(Run(flows().RequestReset("anna@example.org", kFacts)).value().outcome, FlowOutcome::kClosed);
}

TEST_F(AccountFlowsTest, OpenRegistrationCreatesAtOnce) {
  options_.registration = Registration::kOpen;
  const auto answer = Register("anna@example.org");
  ASSERT_EQ(answer.outcome, FlowOutcome::kDone);
  EXPECT_FALSE(answer.user->email_verified);
  EXPECT_EQ(Register("anna@example.org").outcome, FlowOutcome::kEmailTaken);
}

TEST_F(AccountFlowsTest, MendableFormsAreToldAndCostNothing) {
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(Register("no address").outcome, FlowOutcome::kInvalidEmail);
    const auto weak = Run(flows().Register("anna@example.org", "", Secret("short"), "", kFacts)).value();
    EXPECT_EQ(weak.outcome, FlowOutcome::kWeakPassword);
    EXPECT_EQ(weak.reason, "too_short");
    EXPECT_EQ(Run(flows().Register("anna@example.org", "a\nb", Secret(kPassword), "", kFacts)).value().outcome, FlowOutcome::kInvalidName);
  }
  EXPECT_EQ(Register("anna@example.org").outcome, FlowOutcome::kMailSent);
}

TEST_F(AccountFlowsTest, S55_MailsToOneAddressAreLimitedKnownOrNot) {
  AddUser("u1", "known@example.org", Hash(kPassword));
  for (const auto* email : {"known@example.org", "unknown@example.org"}) {
    for (int i = 0; i < limits_.mails_per_account.burst; ++i) EXPECT_EQ(Run(flows().RequestReset(email, kFacts)).value().outcome, FlowOutcome::kMailSent);
    const auto answer = Run(flows().RequestReset(email, kFacts)).value();
    EXPECT_EQ(answer.outcome, FlowOutcome::kThrottled) << email;
    EXPECT_GT(answer.retry_after, Duration{});
  }
}

TEST_F(AccountFlowsTest, S5_ResetSetsThePasswordAndEndsEverySession) {
  AddUser("u1", "anna@example.org", Hash(kPassword));
  AddSession("s1", "u1");
  AddSession("s2", "u1");
  ASSERT_EQ(Run(flows().RequestReset("anna@example.org", kFacts)).value().outcome, FlowOutcome::kMailSent);
  const auto token = Token();
  EXPECT_EQ(Run(flows().Reset(token, Secret("short"), kFacts)).value().outcome, FlowOutcome::kWeakPassword);
  EXPECT_EQ(Run(flows().Reset(token, Secret("another long phrase"), kFacts)).value().outcome, FlowOutcome::kDone);
  EXPECT_THAT(sessions_.announced, ::testing::UnorderedElementsAre("s1", "s2"));
  EXPECT_EQ(Mails().at(0).subject, "Your password was changed");
  EXPECT_EQ(Run(flows().Reset(token, Secret("another long phrase"), kFacts)).value().outcome, FlowOutcome::kInvalidToken);
}

TEST_F(AccountFlowsTest, S5_ChangeOfPasswordEndsTheOtherSessions) {
  AddUser("u1", "anna@example.org", Hash(kPassword));
  AddSession("here", "u1");
  AddSession("there", "u1");
  const auto change = [&](std::string current, std::string next) {
    return Run(flows().ChangePassword("u1", Secret(std::move(current)), Secret(std::move(next)), "here", kFacts)).value().outcome;
  };
  EXPECT_EQ(change("wrong", "another long phrase"), FlowOutcome::kWrongPassword);
  EXPECT_EQ(change(kPassword, "short"), FlowOutcome::kWeakPassword);
  EXPECT_TRUE(sessions_.announced.empty());
  EXPECT_EQ(change(kPassword, "another long phrase"), FlowOutcome::kDone);
  EXPECT_THAT(sessions_.announced, ElementsAre("there"));
}

TEST_F(AccountFlowsTest, S55_StolenSessionCannotGuessThePassword) {
  AddUser("u1", "anna@example.org", Hash(kPassword));
  const auto guess = [&] { return Run(flows().ChangePassword("u1", Secret("wrong"), Secret("another long phrase"), "s", kFacts)).value().outcome; };
  for (int i = 0; i < limits_.lockout.free_failures; ++i) EXPECT_EQ(guess(), FlowOutcome::kWrongPassword);
  EXPECT_EQ(guess(), FlowOutcome::kThrottled);
  EXPECT_TRUE(throttle_->Admit({"anna@example.org", kFacts.ip, false}).admitted) << "signing in is not affected";
}

TEST_F(AccountFlowsTest, EmailChangeIsConfirmedFromTheNewAddressAndToldToTheOld) {
  AddUser("u1", "old@example.org", Hash(kPassword));
  EXPECT_EQ(Run(flows().RequestEmailChange("u1", "new@example.org", Secret("wrong"), kFacts)).value().outcome, FlowOutcome::kWrongPassword);
  EXPECT_EQ(Run(flows().RequestEmailChange("u1", "new@example.org", Secret(kPassword), kFacts)).value().outcome, FlowOutcome::kMailSent);
  const auto mails = Mails();
  ASSERT_EQ(mails.size(), 2u);
  EXPECT_EQ(mails[0].to, "old@example.org");
  EXPECT_TRUE(mails[0].links.empty());
  EXPECT_EQ(mails[1].to, "new@example.org");
  const auto token = mails[1].links.at(0).substr(mails[1].links[0].find("token=") + 6);
  const auto answer = Run(flows().ConfirmEmailChange(token, kFacts)).value();
  ASSERT_EQ(answer.outcome, FlowOutcome::kDone);
  EXPECT_EQ(answer.user->email, "new@example.org");
}

TEST_F(AccountFlowsTest, S50_EmailChangeToATakenAddressLooksTheSame) {
  AddUser("u1", "anna@example.org", Hash(kPassword));
  AddUser("u2", "taken@example.org", Hash(kPassword));
  EXPECT_EQ(Run(flows().RequestEmailChange("u1", "taken@example.org", Secret(kPassword), kFacts)).value().outcome, FlowOutcome::kMailSent);
  for (const auto& mail : Mails()) EXPECT_TRUE(mail.links.empty()) << mail.subject;
}

TEST_F(AccountFlowsTest, S63_RefusalsAreAuditedWithTheirReason) {
  AddUser("u1", "anna@example.org", Hash(kPassword));
  ASSERT_TRUE(Run(flows().Reset("nonsense", Secret(kPassword), kFacts)));
  ASSERT_TRUE(Run(flows().ChangePassword("u1", Secret("wrong"), Secret("another long phrase"), "s", kFacts)));
  const auto lines = AuditLines();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_TRUE(lines[0].starts_with("password.change failure ")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("password.reset failure ")) << lines[1];
}

TEST_F(AccountFlowsTest, S44_PeekOfNonsenseIsNothing) {
  for (const auto* token : {"", "x", "null"}) EXPECT_EQ(Run(flows().PeekToken(token, "reset")).value(), std::nullopt);
}

}  // namespace
}  // namespace sallyport::signin
