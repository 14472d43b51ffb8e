// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile.h"

#include <gtest/gtest.h>

#include "sallyport/signin/errc.h"
#include "sallyport/signin/providers/profile_expression.h"

namespace sallyport::signin {
namespace {

json::object Object(std::string_view text) { return ParseJsonObject(text).value(); }

std::optional<std::string> Value(std::string_view expression, std::string_view profile, Numbers numbers = Numbers::kRefused) {
  const auto parsed = ProfileExpression::Parse(expression);
  EXPECT_TRUE(parsed) << expression;
  return parsed ? parsed->Evaluate(Object(profile), numbers) : std::nullopt;
}

TEST(ProfileExpression, PathsGoThroughObjectsAndLists) {
  EXPECT_EQ(Value("a.b", R"({"a":{"b":"x"}})"), "x");
  EXPECT_EQ(Value("images[1].url", R"({"images":[{"url":"x"},{"url":"y"}]})"), "y");
  EXPECT_EQ(Value("a[0][1]", R"({"a":[["x","y"]]})"), "y");
  EXPECT_EQ(Value("a.b", R"({"a":["b"]})"), std::nullopt);
  EXPECT_EQ(Value("a[2]", R"({"a":["b"]})"), std::nullopt);
  EXPECT_EQ(Value("a", R"({"a":null})"), std::nullopt);
  EXPECT_EQ(Value("a", R"({"a":""})"), std::nullopt);
}

TEST(ProfileExpression, AnElementIsSelectedByFlagsThatAreTrue) {
  const auto* list = R"({"emails":[{"email":"a","primary":true,"verified":false},{"email":"b","primary":"true","verified":true},
                                   {"email":"c","primary":true,"verified":true}]})";
  EXPECT_EQ(Value("emails[primary,verified].email", list), "c");
  EXPECT_EQ(Value("emails[primary].email", list), "a");
  EXPECT_EQ(Value("emails[missing].email", list), std::nullopt);
}

TEST(ProfileExpression, AlternativesAreTriedInTurn) {
  EXPECT_EQ(Value("a | b", R"({"b":"x"})"), "x");
  EXPECT_EQ(Value("a|b", R"({"a":"","b":"x"})"), "x");
  EXPECT_EQ(Value("a | {b} {c}", R"({"b":"x","c":"y"})"), "x y");
}

TEST(ProfileExpression, NamesLeaveOutWhatIsMissing) {
  EXPECT_EQ(Value("{a} {b} {c}", R"({"a":"x","c":"z"})"), "x z");
  EXPECT_EQ(Value("{a} {b}", R"({"b":"y"})"), "y");
  EXPECT_EQ(Value("{a} {b}", "{}"), std::nullopt);
}

TEST(ProfileExpression, UrlsNeedAllTheirParts) {
  EXPECT_EQ(Value("https://x/{id}/{size}.jpg", R"({"id":7,"size":"s"})", Numbers::kAccepted), "https://x/7/s.jpg");
  EXPECT_EQ(Value("https://x/{id}/{size}.jpg", R"({"id":7})", Numbers::kAccepted), std::nullopt);
}

TEST(ProfileExpression, S44_NumbersOnlyWhereAcceptedAndWholeOnes) {
  EXPECT_EQ(Value("a", R"({"a":12})"), std::nullopt);
  EXPECT_EQ(Value("a", R"({"a":12})", Numbers::kAccepted), "12");
  EXPECT_EQ(Value("a", R"({"a":18446744073709551615})", Numbers::kAccepted), "18446744073709551615");
  EXPECT_EQ(Value("a", R"({"a":1e3})", Numbers::kAccepted), "1000");
  EXPECT_EQ(Value("a", R"({"a":1.5})", Numbers::kAccepted), std::nullopt);
  EXPECT_EQ(Value("a", R"({"a":1e300})", Numbers::kAccepted), std::nullopt);
  for (const auto* other : {R"({"a":true})", R"({"a":["x"]})", R"({"a":{"b":"x"}})"}) EXPECT_EQ(Value("a", other, Numbers::kAccepted), std::nullopt);
}

TEST(ProfileExpression, MalformedOnesAreRefused) {
  for (const auto* text : {" ", ".", "a.", ".a", "a..b", "a[", "a[]", "a[b", "a]b", "a[0]b", "a b", "{a", "a}", "{}", "{a}}", "a |", "| a",
                           "a[x,]", "a[99999999999999999999999]x", "a\x01"}) {
    EXPECT_FALSE(ProfileExpression::Parse(text)) << text;
  }
  EXPECT_FALSE(ProfileExpression::Parse(std::string(300, 'a')));
  EXPECT_FALSE(ProfileExpression::Parse("a|b|c|d|e|f|g|h|i"));
}

ProviderSpec Spec(ProfileMapping mapping = {}) {
  ProviderSpec spec;
  spec.id = "work";
  spec.profile = std::move(mapping);
  return spec;
}

TEST(MapProfile, StandardClaims) {
  const auto profile = MapProfile(Spec({.verification = EmailVerification::kFlag, .verified = "email_verified"}),
                                  Object(R"({"sub":"7","name":"Ada","email":"ada@example.com","picture":"https://x/a.png","email_verified":true})"));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->id, "7");
  EXPECT_EQ(profile->name, "Ada");
  EXPECT_EQ(profile->email, "ada@example.com");
  EXPECT_EQ(profile->image, "https://x/a.png");
  EXPECT_TRUE(profile->email_verified);
}

TEST(MapProfile, S44_WithoutAnIdThereIsNoProfile) {
  for (const auto* text : {"{}", R"({"sub":""})", R"({"sub":null})", R"({"sub":["7"]})", R"({"sub":true})", R"({"sub":"a\nb"})"}) {
    const auto profile = MapProfile(Spec(), Object(text));
    ASSERT_FALSE(profile) << text;
    EXPECT_TRUE(profile.error().Is(Errc::kBadProfile));
  }
  EXPECT_FALSE(MapProfile(Spec(), Object(R"({"sub":")" + std::string(256, 'x') + R"("})")));
}

TEST(MapProfile, TextOfThePeerIsMadeHarmless) {
  const auto profile = MapProfile(Spec(), Object(R"({"sub":"1","name":" \u0000A\u001b[31m\u009bB ","email":"a b@x","picture":"javascript:alert"})"));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->name, "A [31m B");
  EXPECT_EQ(profile->email, std::nullopt);
  EXPECT_EQ(profile->image, std::nullopt);
}

TEST(MapProfile, LongNamesEndWithAWholeCharacter) {
  std::string name = "x";
  for (int i = 0; i < 200; ++i) name += "é";
  const auto profile = MapProfile(Spec(), Object(R"({"sub":"1","name":")" + name + R"("})"));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->name->size(), 255u);
}

TEST(MapProfile, S33_AnAddressIsVerifiedOnlyWhenItIsSaidSo) {
  const auto verified = [](ProfileMapping mapping, std::string_view text) { return MapProfile(Spec(std::move(mapping)), Object(text))->email_verified; };
  const ProfileMapping flag{.verification = EmailVerification::kFlag, .verified = "v"};
  for (const auto* yes : {"true", "\"true\"", "1", "\"1\""}) {
    EXPECT_TRUE(verified(flag, std::string(R"({"id":1,"email":"a@b.c","v":)") + yes + "}")) << yes;
  }
  for (const auto* no : {"false", "\"false\"", "0", "null", "\"yes\"", "[true]", "{}", "2"}) {
    EXPECT_FALSE(verified(flag, std::string(R"({"id":1,"email":"a@b.c","v":)") + no + "}")) << no;
  }
  EXPECT_FALSE(verified(flag, R"({"id":1,"email":"a@b.c"})"));
  EXPECT_FALSE(verified(flag, R"({"id":1,"v":true})")) << "no address, nothing verified";
  EXPECT_FALSE(verified({}, R"({"id":1,"email":"a@b.c","email_verified":true})")) << "kNever";
  const ProfileMapping both{.verification = EmailVerification::kFlag, .verified = "v & k.w"};
  EXPECT_TRUE(verified(both, R"({"id":1,"email":"a@b.c","v":true,"k":{"w":true}})"));
  EXPECT_FALSE(verified(both, R"({"id":1,"email":"a@b.c","v":true,"k":{"w":false}})"));
  const ProfileMapping presence{.verification = EmailVerification::kPresence, .verified = "confirmed_at"};
  EXPECT_TRUE(verified(presence, R"({"id":1,"email":"a@b.c","confirmed_at":"2020-01-01"})"));
  EXPECT_FALSE(verified(presence, R"({"id":1,"email":"a@b.c","confirmed_at":null})"));
}

}  // namespace
}  // namespace sallyport::signin
