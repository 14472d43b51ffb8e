// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/email_signin.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/run_task.h"

namespace sallyport::identity {
namespace {

using store::EmailSignInOutcome;
using test::RunTask;
constexpr const char* kAda = "ada@example.com";

class EmailSignInTest : public testing::Test {
 protected:
  EmailSignInTest() { secrets_.emplace_back(std::string(32, 'k')); }

  EmailSignIn& flow() {
    if (!flow_) {
      keys_ = std::make_unique<crypto::DerivedKeys>(crypto::DerivedKeys::Derive(secrets_).value());
      tokens_ = std::make_unique<AccountTokens>(store_->verification_tokens(), *keys_, clock_, random_);
      flow_ = std::make_unique<EmailSignIn>(*store_, *tokens_, *keys_, std::chrono::minutes(15), newcomers_, clock_, random_);
    }
    return *flow_;
  }
  EmailSignIn::Asked Ask(const std::string& email = kAda) { return RunTask(flow().Ask(email, "http://localhost/next")).value(); }
  static std::string TokenOf(const EmailSignIn::Asked& asked) { return asked.mail.fields.at("token"); }
  static std::string CodeOf(const EmailSignIn::Asked& asked) { return asked.mail.fields.at("code"); }
  static std::string WrongCode(const EmailSignIn::Asked& asked) { return CodeOf(asked) == "1111 1111" ? "22222222" : "11111111"; }
  std::string ByLink(const std::string& token, std::optional<std::string> typed) { return Outcome(flow().ByLink(token, std::move(typed))); }
  std::string ByCode(std::vector<std::string> ids, const std::string& code) { return Outcome(flow().ByCode(std::move(ids), code)); }
  static std::string Outcome(Task<EmailSignIn::Proved> task) {
    const auto result = RunTask(std::move(task));
    return result ? "ok" : result.error().code.message();
  }

  bool newcomers_ = true;
  test::FakeClock clock_;
  test::FakeRandom random_;
  std::vector<Secret> secrets_;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  std::unique_ptr<crypto::DerivedKeys> keys_;
  std::unique_ptr<AccountTokens> tokens_;
  std::unique_ptr<EmailSignIn> flow_;
};

TEST_F(EmailSignInTest, TheLinkSignsInTheBrowserThatAsked) {
  const auto asked = Ask();
  EXPECT_EQ(asked.mail.to, kAda);
  const auto proved = RunTask(flow().ByLink(TokenOf(asked), std::nullopt)).value();
  EXPECT_EQ(proved.who.outcome, EmailSignInOutcome::kCreated);
  EXPECT_EQ(proved.who.user->email, kAda);
  EXPECT_EQ(proved.email, kAda);
  EXPECT_EQ(proved.callback_url, "http://localhost/next");
  EXPECT_EQ(RunTask(flow().ByLink(TokenOf(Ask()), std::nullopt))->who.user->id, proved.who.user->id) << "the same person the next time";
}

TEST_F(EmailSignInTest, S11_LookingConsumesNothing) {
  const auto asked = Ask();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(RunTask(flow().Peek(TokenOf(asked)))->email, kAda);
  EXPECT_EQ(RunTask(flow().Peek(TokenOf(asked)))->id, asked.id);
  EXPECT_EQ(ByLink(TokenOf(asked), std::nullopt), "ok");
  EXPECT_FALSE(RunTask(flow().Peek(TokenOf(asked))));
}

TEST_F(EmailSignInTest, S54_AnotherBrowserNeedsTheAddress) {
  const auto asked = Ask();
  EXPECT_EQ(ByLink(TokenOf(asked), "eve@example.com"), "needs_proof");
  EXPECT_EQ(ByLink(TokenOf(asked), " ADA@Example.com "), "ok");
}

TEST_F(EmailSignInTest, S54_AScannerThatTypesNothingSensibleBurnsNothing) {
  const auto asked = Ask();
  for (int i = 0; i < 50; ++i) {
    for (const char* junk : {"", "x", "test", "a b", "1"}) EXPECT_EQ(ByLink(TokenOf(asked), junk), "needs_proof");
  }
  EXPECT_EQ(ByLink(TokenOf(asked), kAda), "ok");
}

TEST_F(EmailSignInTest, S54_FiveWrongAddressesEndTheMail) {
  const auto asked = Ask();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ByLink(TokenOf(asked), "eve@example.com"), "needs_proof");
  EXPECT_EQ(ByLink(TokenOf(asked), "eve@example.com"), "invalid_token");
  EXPECT_EQ(ByLink(TokenOf(asked), kAda), "invalid_token");
}

TEST_F(EmailSignInTest, TheCodeSignsInTheBrowserThatAsked) {
  const auto asked = Ask();
  EXPECT_EQ(ByCode({asked.id}, CodeOf(asked)), "ok");
}

TEST_F(EmailSignInTest, S54_TheCodeIsNothingWithoutTheAskingBrowsersMail) {
  const auto asked = Ask();
  EXPECT_EQ(ByCode({}, CodeOf(asked)), "invalid_token");
  EXPECT_EQ(ByCode({""}, CodeOf(asked)), "invalid_token") << "S44";
  EXPECT_EQ(ByCode({Ask("eve@example.com").id}, CodeOf(asked)), "needs_proof");
  EXPECT_EQ(ByCode({asked.id}, CodeOf(asked)), "ok");
}

TEST_F(EmailSignInTest, S54_FiveWrongCodesEndLinkAndCode) {
  const auto asked = Ask();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ByCode({asked.id}, WrongCode(asked)), "needs_proof");
  EXPECT_EQ(ByCode({asked.id}, "no code"), "needs_proof") << "what cannot be a code is no try";
  EXPECT_EQ(ByCode({asked.id}, WrongCode(asked)), "invalid_token");
  EXPECT_EQ(ByCode({asked.id}, CodeOf(asked)), "invalid_token");
  EXPECT_EQ(ByLink(TokenOf(asked), std::nullopt), "invalid_token");
}

TEST_F(EmailSignInTest, TheFifthTryMayStillBeRight) {
  const auto asked = Ask();
  for (int i = 0; i < 4; ++i) EXPECT_EQ(ByCode({asked.id}, WrongCode(asked)), "needs_proof");
  EXPECT_EQ(ByCode({asked.id}, CodeOf(asked)), "ok");
}

TEST_F(EmailSignInTest, S54_LinkAndCodeOfOneMailConsumeEachOther) {
  const auto first = Ask();
  EXPECT_EQ(ByCode({first.id}, CodeOf(first)), "ok");
  EXPECT_EQ(ByLink(TokenOf(first), std::nullopt), "invalid_token");
  const auto second = Ask();
  EXPECT_EQ(ByLink(TokenOf(second), std::nullopt), "ok");
  EXPECT_EQ(ByCode({second.id}, CodeOf(second)), "invalid_token");
}

TEST_F(EmailSignInTest, OfTwoMailsEitherCodeIsTaken) {
  const auto first = Ask(), second = Ask();
  EXPECT_EQ(ByCode({second.id, first.id}, CodeOf(first)), "ok");
  EXPECT_EQ(ByCode({second.id, first.id}, CodeOf(second)), "ok");
}

TEST_F(EmailSignInTest, S55_StrangersWhoAskDoNotPushOutThePersonsMail) {
  const auto asked = Ask();
  for (int i = 0; i < 30; ++i) Ask();
  EXPECT_EQ(ByLink(TokenOf(asked), std::nullopt), "ok");
}

TEST_F(EmailSignInTest, S54_IsGoodForFifteenMinutes) {
  const auto asked = Ask();
  clock_.Advance(std::chrono::minutes(15));
  EXPECT_EQ(ByLink(TokenOf(asked), std::nullopt), "invalid_token");
  EXPECT_EQ(ByCode({asked.id}, CodeOf(asked)), "invalid_token");
}

TEST_F(EmailSignInTest, S54_NeitherTokenNorCodeIsStored) {
  const auto asked = Ask();
  const auto row = RunTask(store_->verification_tokens().Find(asked.id, std::string(kPurposeEmailSignIn), clock_.Now())).value();
  ASSERT_TRUE(row);
  std::string digits = CodeOf(asked);
  std::erase(digits, ' ');
  for (const std::string& secret : {TokenOf(asked), digits}) {
    EXPECT_EQ(row->payload.find(secret), std::string::npos);
    EXPECT_EQ(row->token_hash.find(secret), std::string::npos);
  }
}

TEST_F(EmailSignInTest, S50_WithoutNewcomersAnUnknownAddressGetsAnotherMailAndTheSameRow) {
  newcomers_ = false;
  const auto asked = Ask();
  EXPECT_EQ(asked.mail.template_name, kMailSignInUnknown);
  EXPECT_FALSE(asked.mail.fields.contains("token"));
  EXPECT_FALSE(asked.mail.fields.contains("code"));
  EXPECT_EQ(ByCode({asked.id}, "00000000"), "needs_proof") << "as for anybody";
}

TEST_F(EmailSignInTest, ADisabledPersonIsMailedNothingToSignInWith) {
  model::User user;
  user.id = "u1";
  user.email = kAda;
  ASSERT_TRUE(RunTask(store_->users().Create(user, "")));
  const auto before = Ask();
  ASSERT_TRUE(RunTask(store_->sessions().SetUserDisabled("u1", true)));
  EXPECT_EQ(Ask().mail.template_name, kMailSignInUnknown);
  EXPECT_EQ(RunTask(flow().ByLink(TokenOf(before), std::nullopt))->who.outcome, EmailSignInOutcome::kDisabled);
}

}  // namespace
}  // namespace sallyport::identity
