// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/email_method.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/recording_sessions.h"
#include "support/signin_world.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const RequestFacts kFacts{"192.0.2.1", "UA", "req-1", false};
constexpr auto* kAda = "ada@example.com";

class EmailMethodTest : public test::SigninWorld {
 protected:
  EmailMethod& method() {
    if (!method_) {
      email_.enabled = true;
      email_.keep_in_mailbox = true;
      mail_.emplace(email_, MailBranding{}, Origin{"http", "localhost", 8080}, *store_, keys_, clock_, random_, nullptr,
                    loop_.executor());
      method_.emplace(EmailMethod::Dependencies{options_, *store_, *throttle_, *mail_, sessions_, keys_, clock_, random_});
    }
    return *method_;
  }
  EmailAnswer Ask(std::string email = kAda, RequestFacts facts = kFacts) {
    return Run(method().Ask(std::move(email), "http://localhost:8080/next", std::move(facts))).value();
  }
  MailboxEntry Newest() { return Run(mail_->Mailbox(1)).value().at(0); }
  std::string Token() {
    const std::string link = Newest().links.at(0);
    return link.substr(link.find("token=") + 6);
  }
  EmailAnswer ByLink(std::string token, std::vector<std::string> asked, std::string typed = {}) {
    return Run(method().SignInByLink(std::move(token), std::move(asked), std::move(typed), kFacts)).value();
  }
  EmailAnswer ByCode(std::vector<std::string> asked, std::string code) {
    return Run(method().SignInByCode(std::move(asked), std::move(code), kFacts)).value();
  }

  EmailSignInOptions options_;
  EmailOptions email_;
  std::optional<MailSender> mail_;
  std::optional<EmailMethod> method_;
  test::RecordingSessions sessions_;
  std::vector<Secret> secrets_ = [] {
    std::vector<Secret> one;
    one.emplace_back(std::string(32, 's'));
    return one;
  }();
  crypto::DerivedKeys keys_ = crypto::DerivedKeys::Derive(secrets_).value();
};

TEST_F(EmailMethodTest, ALinkAndACodeInOneMail) {
  const EmailAnswer asked = Ask(" Ada@Example.com ");
  EXPECT_EQ(asked.outcome, EmailOutcome::kMailSent);
  EXPECT_EQ(asked.email, kAda);
  const MailboxEntry mail = Newest();
  EXPECT_EQ(mail.to, kAda);
  EXPECT_THAT(mail.links.at(0), HasSubstr("http://localhost:8080/api/auth/callback/email?token="));
  EXPECT_TRUE(testing::Value(mail.text, testing::ContainsRegex("[0-9]{4} [0-9]{4}"))) << mail.text;
  const EmailAnswer done = ByLink(Token(), {asked.id});
  EXPECT_EQ(done.outcome, EmailOutcome::kSignedIn);
  EXPECT_EQ(done.signed_in->method, "email");
  EXPECT_THAT(done.signed_in->amr, ElementsAre("otp"));
  EXPECT_EQ(done.callback_url, "http://localhost:8080/next");
  EXPECT_TRUE(done.newcomer);
  EXPECT_THAT(AuditLines(), ElementsAre("signin success", "user.create success", "signin.mail success"));
}

TEST_F(EmailMethodTest, S54_WithoutTheAskingBrowserTheAddressIsNeeded) {
  Ask();
  EXPECT_EQ(ByLink(Token(), {}).outcome, EmailOutcome::kNeedsAddress);
  EXPECT_EQ(ByLink(Token(), {"another mail"}).outcome, EmailOutcome::kNeedsAddress);
  EXPECT_EQ(ByLink(Token(), {}, kAda).outcome, EmailOutcome::kSignedIn);
  EXPECT_EQ(ByLink("no token", {}, kAda).outcome, EmailOutcome::kInvalidToken);
}

TEST_F(EmailMethodTest, S50_KnownAndUnknownAddressesGetTheSameAnswer) {
  options_.allow_registration = false;
  AddUser("u1", kAda, "");
  const EmailAnswer known = Ask(), unknown = Ask("nobody@example.com");
  EXPECT_EQ(known.outcome, unknown.outcome);
  EXPECT_EQ(known.id.size(), unknown.id.size());
  EXPECT_EQ(ByCode({known.id}, "1").outcome, ByCode({unknown.id}, "1").outcome);
  EXPECT_EQ(ByCode({"never asked"}, "12345678").outcome, EmailOutcome::kInvalidToken);
}

TEST_F(EmailMethodTest, S33_AnUnprovedAccountLosesPasswordAndSessionsToWhoeverReadsTheMail) {
  AddUser("squatter", kAda, Hash("hunter22"));
  model::SessionRecord record;
  record.id = "s1";
  record.user_id = "squatter";
  record.idle_end = record.absolute_end = clock_.Now() + std::chrono::hours(1);
  ASSERT_TRUE(Run(store_->sessions().CompleteSignIn({record, std::nullopt})));
  const EmailAnswer asked = Ask();
  const EmailAnswer done = ByLink(Token(), {asked.id});
  EXPECT_EQ(done.outcome, EmailOutcome::kSignedIn);
  EXPECT_FALSE(done.newcomer);
  EXPECT_THAT(sessions_.announced, ElementsAre("s1")) << "S5";
  EXPECT_FALSE(Run(store_->users().FindWithPassword("squatter")).value()->password_hash);
  EXPECT_THAT(AuditLines(), ElementsAre("signin success", "user.claim success", "signin.mail success"));
}

TEST_F(EmailMethodTest, ADisabledPersonIsNeverSignedIn) {
  AddUser("u1", kAda, "");
  const EmailAnswer asked = Ask();
  const std::string token = Token();
  ASSERT_TRUE(Run(store_->sessions().SetUserDisabled("u1", true)));
  EXPECT_EQ(ByLink(token, {asked.id}).outcome, EmailOutcome::kDenied);
  EXPECT_THAT(AuditLines(), ElementsAre("signin failure disabled", "signin.mail success"));
}

TEST_F(EmailMethodTest, WhatIsNoAddressIsNotMailedTo) {
  for (const char* typed : {"", "ada", "ada@", "a@b@c", "\"ada\"@example.com", "ada@example.com,eve@example.com", "ada@example.com\r\nBcc: eve@example.com"})
    EXPECT_EQ(Ask(typed).outcome, EmailOutcome::kInvalidEmail) << typed;
  EXPECT_TRUE(Run(mail_->Mailbox(5)).value().empty());
}

TEST_F(EmailMethodTest, S55_MailsAreLimitedAndAKnownDeviceHasItsOwn) {
  limits_.mails_per_account = {2, std::chrono::hours(1)};
  throttle_.emplace(limits_, clock_, random_);
  Ask();
  Ask();
  const EmailAnswer refused = Ask();
  EXPECT_EQ(refused.outcome, EmailOutcome::kThrottled);
  EXPECT_GT(refused.retry_after.count(), 0);
  RequestFacts owner = kFacts;
  owner.known_device = true;
  EXPECT_EQ(Ask(kAda, owner).outcome, EmailOutcome::kMailSent) << "strangers who have mails sent do not keep the owner out";
}

TEST_F(EmailMethodTest, S55_GuessesOfOneAddressAreLimited) {
  limits_.tries_per_address = {3, std::chrono::minutes(1)};
  throttle_.emplace(limits_, clock_, random_);
  const EmailAnswer asked = Ask();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ByCode({asked.id}, "typo").outcome, EmailOutcome::kWrongCode);
  EXPECT_EQ(ByCode({asked.id}, "typo").outcome, EmailOutcome::kThrottled);
}

}  // namespace
}  // namespace sallyport::signin
