// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/password_method.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/signin_world.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;

class PasswordMethodTest : public test::SigninWorld {
 protected:
  Result<SignInAnswer> SignIn(std::string identifier, std::string password, RequestFacts facts = {"192.0.2.1", "UA", "req-1", false}) {
    PasswordMethod method(*store_, hasher_, *throttle_, clock_);
    return Run(method.SignIn({std::move(identifier), Secret(std::move(password))}, std::move(facts)));
  }
};

TEST_F(PasswordMethodTest, RightPasswordSignsIn) {
  AddUser("u1", "anna@example.org", Hash("correct horse"));
  const auto answer = SignIn(" Anna@Example.org ", "correct horse");
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(answer->signed_in->user.id, "u1");
  EXPECT_EQ(answer->signed_in->method, "password");
  EXPECT_THAT(answer->signed_in->amr, ElementsAre("pwd"));
}

TEST_F(PasswordMethodTest, S50_WrongUnknownDisabledAndPasswordlessAreOneAnswer) {
  AddUser("u1", "anna@example.org", Hash("correct horse"));
  AddUser("u2", "off@example.org", Hash("correct horse"));
  AddUser("u3", "none@example.org", "");
  ASSERT_TRUE(Run(store_->sessions().SetUserDisabled("u2", true)));
  const std::pair<const char*, const char*> tries[] = {{"anna@example.org", "wrong"}, {"nobody@example.org", "correct horse"},
                                                       {"off@example.org", "correct horse"}, {"none@example.org", ""},
                                                       {"not an address", "correct horse"}, {"", ""}};
  for (const auto& [identifier, password] : tries) {
    const auto answer = SignIn(identifier, password);
    ASSERT_TRUE(answer) << identifier;
    EXPECT_FALSE(answer->ok()) << identifier;
    EXPECT_EQ(answer->refusal, Errc::kBadCredentials) << identifier;
    EXPECT_EQ(answer->retry_after, Duration{}) << identifier;
    EXPECT_EQ(answer->code, "") << identifier;
  }
}

TEST_F(PasswordMethodTest, S63_EveryOutcomeIsAudited) {
  AddUser("u1", "anna@example.org", Hash("correct horse"));
  ASSERT_TRUE(SignIn("anna@example.org", "wrong"));
  ASSERT_TRUE(SignIn("nobody@example.org", "wrong"));
  ASSERT_TRUE(SignIn("anna@example.org", "correct horse"));
  EXPECT_THAT(AuditLines(), ElementsAre("signin success", "signin failure unknown_user", "signin failure bad_password"));
  const auto newest = Audit().at(0);
  EXPECT_EQ(newest.user_id, "u1");
  EXPECT_EQ(newest.ip, "192.0.2.1");
  EXPECT_EQ(newest.user_agent, "UA");
  EXPECT_EQ(newest.request_id, "req-1");
  EXPECT_EQ(newest.actor, "user");
}

// People type their password into the wrong field.
TEST_F(PasswordMethodTest, S62_WhatIsNoAddressIsNotWrittenDown) {
  ASSERT_TRUE(SignIn("my secret pass phrase", "wrong"));
  for (const auto& event : Audit()) EXPECT_EQ(event.detail_json.find("secret"), std::string::npos) << event.detail_json;
}

TEST_F(PasswordMethodTest, S55_TooManyFailuresAreThrottledBeforeHashing) {
  AddUser("u1", "anna@example.org", Hash("correct horse"));
  for (int i = 0; i < limits_.lockout.free_failures; ++i) EXPECT_EQ(SignIn("anna@example.org", "wrong")->refusal, Errc::kBadCredentials);
  const auto answer = SignIn("anna@example.org", "correct horse");
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->ok());
  EXPECT_EQ(answer->refusal, Errc::kThrottled);
  EXPECT_GT(answer->retry_after, Duration{});
  EXPECT_EQ(AuditLines().at(0), "signin denied throttled_lockout");
  clock_.Advance(answer->retry_after);
  EXPECT_TRUE(SignIn("anna@example.org", "correct horse")->ok());
}

TEST_F(PasswordMethodTest, S55_UnknownAddressesAreThrottledLikeKnownOnes) {
  for (int i = 0; i < limits_.lockout.free_failures; ++i) ASSERT_TRUE(SignIn("nobody@example.org", "wrong"));
  EXPECT_EQ(SignIn("nobody@example.org", "wrong")->refusal, Errc::kThrottled);
}

TEST_F(PasswordMethodTest, S51_OldHashIsRenewed) {
  // bcrypt of "U*U", cost 5 (the crypt_blowfish test vector).
  const std::string old_hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  AddUser("u1", "anna@example.org", old_hash);
  ASSERT_TRUE(SignIn("anna@example.org", "U*U")->ok());
  const auto stored = Run(store_->users().FindWithPassword("u1")).value();
  EXPECT_TRUE(stored->password_hash->starts_with("$argon2id$")) << *stored->password_hash;
  EXPECT_TRUE(SignIn("anna@example.org", "U*U")->ok());
}

TEST_F(PasswordMethodTest, S56_FullQueueIsOverloadedAndCountsNothing) {
  identity::PasswordHasher full({.threads = 1, .max_wait = Duration(0)}, random_);
  PasswordMethod method(*store_, full, *throttle_, clock_);
  int overloaded = 0, judged = 0;
  constexpr int kCalls = 40;
  for (int i = 0; i < kCalls; ++i) {
    test::Start(loop_, method.SignIn({"anna@example.org", Secret("x")}, {"192.0.2.1", "", "", false}),
                          [&](Result<SignInAnswer> r) {
                            ++(r ? judged : overloaded);
                            EXPECT_TRUE(r || r.error().Is(Errc::kOverloaded));
                          });
  }
  while (overloaded + judged < kCalls) loop_.RunTurn();
  EXPECT_GT(overloaded, kCalls / 2);
}

}  // namespace
}  // namespace sallyport::signin
