// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_method.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/net/errc.h"
#include "support/signin_world.h"

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;

constexpr auto* kAnna = R"({"user":{"id":7,"name":"Anna","email":"anna@example.org"},"accessToken":"AT","refreshToken":"RT","expiresIn":600})";

class BackendMethodTest : public test::SigninWorld {
 protected:
  BackendMethodTest() {
    options_.url = "http://127.0.0.1:4000/login";
    http_.Respond(200, kAnna);
  }
  Result<SignInAnswer> SignIn(BackendCredentials credentials = {{{"email", "anna@example.org"}, {"password", "pw"}}}) {
    BackendMethod method(options_, http_, *store_, *throttle_, clock_, random_);
    return Run(method.SignIn(std::move(credentials), {"192.0.2.1", "UA", "req-1", false}));
  }
  BackendOptions options_;
};

TEST_F(BackendMethodTest, SignsInWithUserAndTokens) {
  const auto answer = SignIn();
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_EQ(answer->signed_in->user.name, "Anna");
  EXPECT_EQ(answer->signed_in->user.email, "anna@example.org");
  EXPECT_EQ(answer->signed_in->user.email_verified, std::nullopt) << "the back end's word is not ours";
  EXPECT_EQ(answer->signed_in->method, "backend");
  EXPECT_TRUE(answer->signed_in->is_new_user);
  EXPECT_EQ(json::serialize(answer->signed_in->tokens), R"({"access_token":"AT","refresh_token":"RT","expires_at":1800000600})");
  EXPECT_EQ(Run(store_->users().FindByAccount("backend", "7")).value()->id, answer->signed_in->user.id);
  EXPECT_THAT(AuditLines(), ElementsAre("signin success"));
}

TEST_F(BackendMethodTest, ControlFieldsStayAndNamesAreMapped) {
  options_.fields = {{"email", "login"}};
  ASSERT_TRUE(SignIn({{{"username", "anna"}, {"password", "pw"}, {"csrfToken", "c"}, {"callbackUrl", "/"}, {"json", "true"}, {"redirect", "false"}, {"otp", "123"}}}));
  const auto request = http_.requests().at(0);
  EXPECT_EQ(request.body, R"({"login":"anna","password":"pw","otp":"123"})");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, options_.url);
  EXPECT_TRUE(request.allow_private);
  EXPECT_THAT(request.headers, ::testing::IsSupersetOf({std::pair<std::string, std::string>("Content-Type", "application/json"),
                                                        std::pair<std::string, std::string>("X-Forwarded-For", "192.0.2.1")}));
}

TEST_F(BackendMethodTest, RefusalIsBadCredentialsWithItsCode) {
  http_.Respond(401, R"({"code":"otp_required","message":"<b>"})");
  const auto answer = SignIn();
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->ok());
  EXPECT_EQ(answer->refusal, Errc::kBadCredentials);
  EXPECT_EQ(answer->code, "otp_required");
  EXPECT_THAT(AuditLines(), ElementsAre("signin failure bad_credentials"));
}

TEST_F(BackendMethodTest, S60_TroubleIsUnavailableNeverSignedIn) {
  const std::pair<long, const char*> answers[] = {{500, kAnna}, {503, ""}, {302, kAnna}, {200, "<html>"}, {200, "[]"}, {200, R"({"ok":true})"}, {204, ""}};
  for (const auto& [status, body] : answers) {
    http_.Respond(status, body);
    const auto answer = SignIn();
    ASSERT_FALSE(answer) << status << body;
    EXPECT_TRUE(answer.error().Is(Errc::kBackendUnavailable)) << status << body;
  }
  http_.Respond([](const net::OutboundRequest&) -> Result<net::OutboundResponse> { return Fail(net::Errc::kUpstreamTimeout); });
  EXPECT_TRUE(SignIn().error().Is(Errc::kBackendUnavailable));
}

TEST_F(BackendMethodTest, S55_OutagesDoNotLockAnybodyOut) {
  http_.Respond(500, "");
  for (int i = 0; i < 20; ++i) ASSERT_FALSE(SignIn());
  http_.Respond(200, kAnna);
  EXPECT_TRUE(SignIn()->ok());
}

TEST_F(BackendMethodTest, S55_FailuresAreThrottledWithoutAskingTheBackEnd) {
  http_.Respond(401, "");
  for (int i = 0; i < limits_.lockout.free_failures; ++i) ASSERT_TRUE(SignIn());
  const auto asked = http_.requests().size();
  const auto answer = SignIn();
  EXPECT_EQ(answer->refusal, Errc::kThrottled);
  EXPECT_GT(answer->retry_after, Duration{});
  EXPECT_EQ(http_.requests().size(), asked);
}

TEST_F(BackendMethodTest, SecondSignInIsTheSameUserWithTheNewProfile) {
  const auto first = SignIn()->signed_in->user;
  http_.Respond(200, R"({"user":{"id":"7","name":"Anna B","email":"b@example.org"},"accessToken":"AT"})");
  const auto again = SignIn();
  const auto& second = again->signed_in->user;
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.name, "Anna B");
  EXPECT_FALSE(again->signed_in->is_new_user);
  EXPECT_TRUE(again->signed_in->profile_changed) << "other sessions must hear of it";
  EXPECT_FALSE(SignIn()->signed_in->profile_changed);
  EXPECT_EQ(Run(store_->users().FindById(first.id)).value()->email, "b@example.org");
}

TEST_F(BackendMethodTest, S33_AddressOfSomebodyElseNeverLinks) {
  AddUser("owner", "anna@example.org", "");
  const auto answer = SignIn();
  ASSERT_TRUE(answer && answer->ok());
  EXPECT_NE(answer->signed_in->user.id, "owner");
  EXPECT_EQ(answer->signed_in->user.email, std::nullopt);
  EXPECT_EQ(Run(store_->users().FindByEmail("anna@example.org")).value()->user.id, "owner");
}

TEST_F(BackendMethodTest, S33_TakenAddressOnAnUpdateKeepsTheOldOne) {
  const auto first = SignIn()->signed_in->user;
  AddUser("other", "b@example.org", "");
  http_.Respond(200, R"({"user":{"id":7,"name":"New","email":"b@example.org"},"accessToken":"AT"})");
  const auto second = SignIn()->signed_in->user;
  EXPECT_EQ(second.id, first.id);
  EXPECT_EQ(second.email, "anna@example.org");
  EXPECT_EQ(second.name, "New");
}

TEST_F(BackendMethodTest, S50_DisabledUserLooksLikeAWrongPassword) {
  const auto user = SignIn()->signed_in->user;
  ASSERT_TRUE(Run(store_->sessions().SetUserDisabled(user.id, true)));
  const auto answer = SignIn();
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->ok());
  EXPECT_EQ(answer->refusal, Errc::kBadCredentials);
  EXPECT_EQ(answer->code, "");
  EXPECT_EQ(AuditLines().at(0), "signin failure disabled");
}

TEST_F(BackendMethodTest, TwoFirstSignInsAtOnceMakeOneUser) {
  BackendMethod method(options_, http_, *store_, *throttle_, clock_, random_);
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    test::Start(loop_, method.SignIn({{{"email", "anna@example.org"}}}, {"192.0.2.1", "", "", false}),
                          [&](Result<SignInAnswer> r) { ids.push_back(r && r->ok() ? r->signed_in->user.id : "failed"); });
  }
  while (ids.size() < 4) loop_.RunTurn();
  EXPECT_THAT(ids, ::testing::Each(ids.at(0)));
  EXPECT_NE(ids.at(0), "failed");
}

}  // namespace
}  // namespace sallyport::signin
