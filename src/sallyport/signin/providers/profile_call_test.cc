// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/signin/errc.h"
#include "sallyport/signin/providers/authorization_parameters.h"

namespace sallyport::signin {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

json::object Object(std::string_view text) { return ParseJsonObject(text).value(); }

TEST(ProfileCall, ABearerRequestToTheDiscoveredEndpoint) {
  const auto call = BuildProfileCall({}, "https://id.example/me?x={y}", "c", Object(R"({"access_token":"t"})"));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->method, "GET");
  EXPECT_EQ(call->url, "https://id.example/me?x={y}");
  EXPECT_THAT(call->headers, ElementsAre(Parameter{"Accept", "application/json"}, Parameter{"User-Agent", "Sallyport"}, Parameter{"Authorization", "Bearer t"}));
  EXPECT_FALSE(BuildProfileCall({}, "", "c", Object(R"({"access_token":"t"})")));
}

TEST(ProfileCall, PlaceholdersAreFilledAndEncodedInTheUrl) {
  const ProfileRequest request{.url = "https://x/{access_token}?id={token.openid}&c={client_id}", .bearer = false, .headers = {{"api-key", "{client_id}"}}};
  const auto call = BuildProfileCall(request, "", "c d", Object(R"({"access_token":"a/b?&","openid":42})"));
  ASSERT_TRUE(call);
  EXPECT_EQ(call->url, "https://x/a%2Fb%3F%26?id=42&c=c%20d");
  EXPECT_THAT(call->headers, Contains(Parameter{"api-key", "c d"}));
  EXPECT_THAT(call->headers, Not(Contains(testing::Field(&Parameter::name, "Authorization"))));
}

TEST(ProfileCall, S44_AMissingMemberFailsTheSignIn) {
  const ProfileRequest request{.url = "https://x/{token.openid}"};
  for (const auto* answer : {R"({"access_token":"t"})", R"({"access_token":"t","openid":null})", R"({"access_token":"t","openid":["1"]})", R"({"access_token":"t","openid":""})"}) {
    const auto call = BuildProfileCall(request, "", "c", Object(answer));
    ASSERT_FALSE(call) << answer;
    EXPECT_TRUE(call.error().Is(Errc::kBadProfile));
  }
}

TEST(ProfileCall, ATokenCannotAddHeaderFields) {
  EXPECT_FALSE(BuildProfileCall({.url = "https://x"}, "", "c", Object(R"({"access_token":"t\r\nHost: evil"})")));
}

TEST(AddToProfile, TheFirstAnswerIsTheProfileAndLaterOnesAreMembers) {
  json::object profile;
  ASSERT_TRUE(AddToProfile({.unwrap = "response[0]"}, Object(R"({"response":[{"id":1}]})"), profile));
  ASSERT_TRUE(AddToProfile({.into = "emails"}, *ParseJson("[1,2]"), profile));
  ASSERT_TRUE(AddToProfile({.unwrap = "values", .into = "more"}, Object("{}"), profile));
  EXPECT_EQ(json::serialize(profile), R"({"id":1,"emails":[1,2]})");
}

TEST(AddToProfile, ARefusalIsNoProfile) {
  json::object profile;
  for (const auto* answer : {R"({"error":"invalid"})", R"({"error":{"code":"access_token_invalid"},"data":{"id":1}})", "[]", "null", "1"}) {
    EXPECT_FALSE(AddToProfile({}, *ParseJson(answer), profile)) << answer;
  }
  EXPECT_FALSE(AddToProfile({.unwrap = "data"}, Object(R"({"id":1})"), profile));
  EXPECT_TRUE(AddToProfile({}, Object(R"({"error":{"code":"ok"},"data":{}})"), profile));
  EXPECT_TRUE(AddToProfile({}, Object(R"({"error":null})"), profile));
}

TEST(AddToProfile, MembersOfTheTokenAnswer) {
  ProviderSpec spec;
  json::object profile{{"id", 1}};
  AddTokenMembers(spec, Object(R"({"access_token":"t","email":"e"})"), profile);
  EXPECT_EQ(json::serialize(profile), R"({"id":1})");
  spec.token_members = {"email", "other"};
  AddTokenMembers(spec, Object(R"({"access_token":"t","email":"e"})"), profile);
  EXPECT_EQ(json::serialize(profile), R"({"id":1,"token":{"email":"e"}})");
}

TEST(AuthorizationParameters, WhatIsTheSameEveryTime) {
  ProviderSpec spec;
  spec.authorization.client_id_parameter = "appid";
  EXPECT_THAT(StaticAuthorizationParameters(spec, "c"), ElementsAre(Parameter{"response_type", "code"}, Parameter{"appid", "c"}));
  spec.authorization.scope = "a b";
  spec.authorization.response_mode = "form_post";
  spec.authorization.parameters = {{"x", "y"}};
  EXPECT_THAT(StaticAuthorizationParameters(spec, "c"),
              ElementsAre(Parameter{"response_type", "code"}, Parameter{"appid", "c"}, Parameter{"scope", "a b"},
                          Parameter{"response_mode", "form_post"}, Parameter{"x", "y"}));
}

}  // namespace
}  // namespace sallyport::signin
