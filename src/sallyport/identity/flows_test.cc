// SPDX-License-Identifier: Apache-2.0
// The flows of password accounts together, on the memory store: registration, reset, change of password and address,
// and what operators do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/identity/email_change.h"
#include "sallyport/identity/password_reset.h"
#include "sallyport/identity/registration.h"
#include "sallyport/identity/users.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/run_task.h"

namespace sallyport::identity {
namespace {

using std::chrono::hours;
using test::RunTask;

class FlowsTest : public testing::Test {
 protected:
  FlowsTest() {
    secrets_.emplace_back(std::string(32, 'k'));
    keys_ = std::make_unique<crypto::DerivedKeys>(crypto::DerivedKeys::Derive(secrets_).value());
    tokens_ = std::make_unique<AccountTokens>(store_->verification_tokens(), *keys_, clock_, random_);
    registration_ = std::make_unique<Registration>(*store_, hasher_, *tokens_, policy_, hours(24), clock_, random_);
    reset_ = std::make_unique<PasswordReset>(*store_, hasher_, *tokens_, policy_, hours(1), clock_);
    email_change_ = std::make_unique<EmailChange>(*store_, hasher_, *tokens_, hours(24));
    users_ = std::make_unique<Users>(*store_, hasher_, policy_, clock_, random_);
  }

  static RegistrationForm Form(const std::string& email, const char* password = "gravelotter",
                               const char* binding = "browser") {
    return {email, "Ada", Secret(password), binding};
  }
  template <class T>
  static std::string CodeOf(Task<T> task) {
    const auto result = RunTask(std::move(task));
    return result ? "ok" : result.error().code.message();
  }
  model::User AddUser(const std::string& email, const char* password = "gravelotter") {
    NewUser form;
    form.email = email;
    form.name = "Ada";
    form.password = Secret(password);
    return RunTask(users_->CreateByAdmin(std::move(form))).value();
  }
  void AddSession(const model::User& user, const std::string& id) {
    model::SessionRecord session;
    session.id = id;
    session.user_id = user.id;
    session.method = "password";
    session.idle_end = session.absolute_end = clock_.Now() + hours(1);
    ASSERT_TRUE(RunTask(store_->sessions().CompleteSignIn({session, std::nullopt})));
  }
  bool PasswordIs(const model::UserId& id, const char* password) {
    const auto found = RunTask(store_->users().FindWithPassword(id)).value();
    return found && RunTask(hasher_.Verify(Secret(password), found->password_hash))->matches;
  }
  std::string Begin(const std::string& email) { return RunTask(registration_->Begin(Form(email)))->fields.at("token"); }

  test::FakeClock clock_;
  test::FakeRandom random_;
  std::vector<Secret> secrets_;
  PasswordPolicy policy_;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  PasswordHasher hasher_{{.threads = 1, .max_wait = std::chrono::minutes(5), .low_priority = false}, random_};
  std::unique_ptr<crypto::DerivedKeys> keys_;
  std::unique_ptr<AccountTokens> tokens_;
  std::unique_ptr<Registration> registration_;
  std::unique_ptr<PasswordReset> reset_;
  std::unique_ptr<EmailChange> email_change_;
  std::unique_ptr<Users> users_;
};

TEST_F(FlowsTest, RegistrationMakesTheUserOnConfirmation) {
  const MailIntent mail = RunTask(registration_->Begin(Form(" Ada@Example.COM "))).value();
  EXPECT_EQ(mail.to, "ada@example.com");
  EXPECT_EQ(mail.template_name, kMailRegister);
  EXPECT_EQ(mail.fields.at("minutes"), "1440");
  EXPECT_FALSE(*RunTask(store_->users().FindByEmail("ada@example.com"))) << "nobody squats on an address";

  const model::User user = RunTask(registration_->Confirm(mail.fields.at("token"), {"browser", Secret()})).value();
  EXPECT_EQ(user.email, "ada@example.com");
  EXPECT_EQ(user.name, "Ada");
  EXPECT_EQ(user.email_verified, clock_.Now());
  EXPECT_TRUE(PasswordIs(user.id, "gravelotter"));
  EXPECT_EQ(RunTask(store_->users().FindById(user.id)).value(), user);
}

TEST_F(FlowsTest, S50_KnownAddressGetsAnotherMailAndTheSameSteps) {
  AddUser("ada@example.com");
  const MailIntent mail = RunTask(registration_->Begin(Form("ada@example.com", "harbourkite"))).value();
  EXPECT_EQ(mail.template_name, kMailRegisterKnown);
  EXPECT_FALSE(mail.fields.contains("token"));
  EXPECT_EQ(hasher_.pending(), 0u);
}

TEST_F(FlowsTest, S50_JudgementsOfTheFormDoNotDependOnTheAddressBeingKnown) {
  AddUser("ada@example.com");
  for (const char* email : {"ada@example.com", "new@example.com"}) {
    EXPECT_EQ(CodeOf(registration_->Begin(Form(email, "short"))), "too_short");
    EXPECT_EQ(CodeOf(registration_->Begin(Form(email, "password1"))), "common");
  }
  EXPECT_EQ(CodeOf(registration_->Begin(Form("no address"))), "invalid_email");
  RegistrationForm form = Form("new@example.com");
  form.name = "a\r\nb";
  EXPECT_EQ(CodeOf(registration_->Begin(std::move(form))), "invalid_name");
}

TEST_F(FlowsTest, S54_ConfirmingElsewhereNeedsThePassword) {
  const std::string token = Begin("ada@example.com");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {})), "needs_proof");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"another browser", Secret()})), "needs_proof");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"", Secret("harbourkite")})), "needs_proof");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"", Secret("gravelotter")})), "ok");
}

TEST_F(FlowsTest, S54_FiveWrongPasswordsEndTheToken) {
  const std::string token = Begin("ada@example.com");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(CodeOf(registration_->Confirm(token, {"", Secret("wrong")})), "needs_proof");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"", Secret("gravelotter")})), "invalid_token");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"browser", Secret()})), "invalid_token");
}

TEST_F(FlowsTest, S44_AbsentBindingsAreNotEqual) {
  const std::string token =
      RunTask(registration_->Begin(Form("ada@example.com", "gravelotter", "")))->fields.at("token");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"", Secret()})), "needs_proof");
}

TEST_F(FlowsTest, S54_TokensAreSingleUseShortLivedAndOfOnePurpose) {
  const std::string token = Begin("ada@example.com");
  EXPECT_EQ(CodeOf(reset_->Reset(token, Secret("harbourkite"))), "invalid_token");
  EXPECT_EQ(CodeOf(email_change_->Confirm(token, clock_.Now())), "invalid_token");
  for (const char* bad : {"", "x", "../../etc", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_EQ(CodeOf(registration_->Confirm(bad, {"browser", Secret()})), "invalid_token");
  }
  const std::string late = Begin("late@example.com");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"browser", Secret()})), "ok");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"browser", Secret()})), "invalid_token");
  clock_.Advance(hours(24));
  EXPECT_EQ(CodeOf(registration_->Confirm(late, {"browser", Secret()})), "invalid_token");
}

TEST_F(FlowsTest, AddressTakenBetweenMailAndClick) {
  const std::string token = Begin("ada@example.com");
  AddUser("ada@example.com");
  EXPECT_EQ(CodeOf(registration_->Confirm(token, {"browser", Secret()})), "email_taken");
}

TEST_F(FlowsTest, OpenRegistrationIsAtOnceAndUnverified) {
  const model::User user = RunTask(registration_->CreateOpen(Form("ada@example.com"))).value();
  EXPECT_EQ(user.email_verified, std::nullopt);
  EXPECT_TRUE(PasswordIs(user.id, "gravelotter"));
  EXPECT_EQ(CodeOf(registration_->CreateOpen(Form("ada@example.com"))), "email_taken");
}

TEST_F(FlowsTest, S5_ResetSetsThePasswordAndEndsAllSessions) {
  const model::User user = AddUser("ada@example.com");
  AddSession(user, "s1");
  const MailIntent mail = RunTask(reset_->Request("ADA@example.com")).value();
  EXPECT_EQ(mail.template_name, kMailReset);
  const std::string token = mail.fields.at("token");
  EXPECT_EQ(CodeOf(reset_->Reset(token, Secret("short"))), "too_short");
  const PasswordWasSet done = RunTask(reset_->Reset(token, Secret("harbourkite"))).value();
  EXPECT_EQ(done.user.id, user.id);
  ASSERT_EQ(done.ended.size(), 1u);
  EXPECT_EQ(done.notice.to, "ada@example.com");
  EXPECT_EQ(done.notice.template_name, kMailPasswordChanged);
  EXPECT_TRUE(PasswordIs(user.id, "harbourkite"));
  EXPECT_EQ(CodeOf(reset_->Reset(token, Secret("othervalley"))), "invalid_token");
}

TEST_F(FlowsTest, S50_ResetOfUnknownOrDisabledAddressIsOnlyAnotherMail) {
  const model::User user = AddUser("off@example.com");
  ASSERT_TRUE(RunTask(users_->SetDisabled(user.id, true)));
  for (const char* email : {"nobody@example.com", "off@example.com"}) {
    const MailIntent mail = RunTask(reset_->Request(email)).value();
    EXPECT_EQ(mail.template_name, kMailResetUnknown);
    EXPECT_FALSE(mail.fields.contains("token"));
  }
  EXPECT_EQ(CodeOf(reset_->Request("nobody")), "invalid_email");
}

TEST_F(FlowsTest, S5_ChangingThePasswordKeepsOnlyTheCurrentSession) {
  const model::User user = AddUser("ada@example.com");
  AddSession(user, "here");
  AddSession(user, "elsewhere");
  EXPECT_EQ(CodeOf(users_->ChangePassword(user.id, Secret("wrong"), Secret("harbourkite"), "here")), "wrong_password");
  EXPECT_EQ(CodeOf(users_->ChangePassword(user.id, Secret("gravelotter"), Secret("password1"), "here")), "common");
  EXPECT_EQ(CodeOf(users_->ChangePassword("nobody", Secret("x"), Secret("harbourkite"), "here")), "no_such_user");
  const PasswordWasSet done =
      RunTask(users_->ChangePassword(user.id, Secret("gravelotter"), Secret("harbourkite"), "here")).value();
  ASSERT_EQ(done.ended.size(), 1u);
  EXPECT_EQ(done.ended[0].session_id, "elsewhere");
  EXPECT_TRUE(PasswordIs(user.id, "harbourkite"));
}

TEST_F(FlowsTest, S54_EmailChangeConfirmsOnlyTheAddressItWasMailedTo) {
  const model::User user = AddUser("ada@example.com");
  EXPECT_EQ(CodeOf(email_change_->Request(user.id, "new@example.com", Secret("wrong"))), "wrong_password");
  const EmailChangeMails mails =
      RunTask(email_change_->Request(user.id, "NEW@example.com", Secret("gravelotter"))).value();
  EXPECT_EQ(mails.to_new.to, "new@example.com");
  ASSERT_TRUE(mails.to_old);
  EXPECT_EQ(mails.to_old->to, "ada@example.com");
  EXPECT_EQ(mails.to_old->fields.at("new_email"), "new@example.com");
  EXPECT_EQ(RunTask(store_->users().FindById(user.id)).value()->email, "ada@example.com") << "not yet";
  const model::User moved = RunTask(email_change_->Confirm(mails.to_new.fields.at("token"), clock_.Now())).value();
  EXPECT_EQ(moved.email, "new@example.com");
  EXPECT_EQ(moved.id, user.id);
}

TEST_F(FlowsTest, S50_TakenAddressIsToldOnlyToThatAddress) {
  const model::User user = AddUser("ada@example.com");
  AddUser("bob@example.com");
  const EmailChangeMails mails =
      RunTask(email_change_->Request(user.id, "bob@example.com", Secret("gravelotter"))).value();
  EXPECT_EQ(mails.to_new.to, "bob@example.com");
  EXPECT_EQ(mails.to_new.template_name, kMailEmailChangeTaken);
  EXPECT_FALSE(mails.to_new.fields.contains("token"));
}

TEST_F(FlowsTest, OperatorsCreateUsers) {
  NewUser form;
  form.email = "Ada@Example.com";
  form.groups = {"staff", "admin", "staff"};
  const model::User user = RunTask(users_->CreateByAdmin(std::move(form))).value();
  EXPECT_EQ(user.email, "ada@example.com");
  EXPECT_EQ(user.groups, (std::vector<std::string>{"admin", "staff"}));
  EXPECT_EQ(RunTask(store_->users().FindWithPassword(user.id)).value()->password_hash, std::nullopt);
  NewUser twin;
  twin.email = "ada@example.com";
  EXPECT_EQ(CodeOf(users_->CreateByAdmin(std::move(twin))), "email_taken");
  NewUser bad;
  bad.email = "bob@example.com";
  bad.groups = {"a,b"};
  EXPECT_EQ(CodeOf(users_->CreateByAdmin(std::move(bad))), "invalid_group");
}

TEST_F(FlowsTest, S5_OperatorsDisableAndSetPasswords) {
  const model::User user = AddUser("ada@example.com");
  AddSession(user, "s1");
  EXPECT_EQ(RunTask(users_->SetPasswordByAdmin(user.id, Secret("harbourkite")))->ended.size(), 1u);
  AddSession(user, "s2");
  EXPECT_EQ(RunTask(users_->SetDisabled(user.id, true))->size(), 1u);
  EXPECT_EQ(CodeOf(users_->SetDisabled("nobody", true)), "no_such_user");
  EXPECT_EQ(CodeOf(users_->SetPasswordByAdmin("nobody", Secret("harbourkite"))), "no_such_user");
}

TEST_F(FlowsTest, S45_TokensOfAnotherSecretDoNotOpen) {
  const std::string token = Begin("ada@example.com");
  std::vector<Secret> others;
  others.emplace_back(std::string(32, 'z'));
  const auto other_keys = crypto::DerivedKeys::Derive(others).value();
  AccountTokens elsewhere(store_->verification_tokens(), other_keys, clock_, random_);
  EXPECT_EQ(CodeOf(elsewhere.Read(token, std::string(kPurposeRegister))), "invalid_token");
  EXPECT_EQ(CodeOf(tokens_->Read(token, std::string(kPurposeRegister))), "ok");
}

}  // namespace
}  // namespace sallyport::identity
