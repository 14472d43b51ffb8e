// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/password_policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sallyport/identity/common_passwords.h"

namespace sallyport::identity {
namespace {

const PasswordPolicy kPolicy{.min_length = 8, .site_name = "Northwind"};

std::string Judge(std::string_view password, std::string_view email = "ada.lovelace@example.com", PasswordPolicy policy = kPolicy) {
  const auto problem = JudgePassword(password, email, policy);
  return problem ? CodeOf(*problem) : "fine";
}

TEST(PasswordPolicy, S51_LengthCountsCodePoints) {
  EXPECT_EQ(Judge("kürbisé"), "too_short");
  EXPECT_EQ(Judge("漢字仮名交じり文"), "fine");
  EXPECT_EQ(Judge("🦊🐙🌋🎻🧊🪁🥝🛶"), "fine");
  EXPECT_EQ(Judge("vortex plume kite", "", {.min_length = 15}), "fine");
  EXPECT_EQ(Judge("vortex plume ki", "", {.min_length = 15}), "fine");
  EXPECT_EQ(Judge("vortex plume k", "", {.min_length = 15}), "too_short");
}

std::string Varied(std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += "k7vQ2zLx9pT4w"[i * i % 13];
  return out;
}

TEST(PasswordPolicy, S51_AtMost1024Bytes) {
  EXPECT_EQ(Judge(Varied(1024)), "fine");
  EXPECT_EQ(Judge(Varied(1025)), "too_long");
}

TEST(PasswordPolicy, S51_NoCompositionRules) {
  for (const char* password : {"gravelotter", "tide umbrella", "GRAVELOTTER", "8264019375", "~~^^((&&#%"}) {
    EXPECT_EQ(Judge(password), "fine") << password;
  }
}

TEST(PasswordPolicy, S51_CommonPasswordsAreRefusedInTheirDisguises) {
  for (const char* password : {"password", "Password", "PASSWORD1", "p@ssw0rd", "P4ssw0rd!", "12345678", "sunshine", "Sunshine2024!",
                               "!!dragon99", "iloveyou1", "1q2w3e4r", "qwertyuiop", "letmein123", "correcthorsebatterystaple",
                               "superman1", "welcome2025"}) {
    EXPECT_EQ(Judge(password), "common") << password;
  }
}

TEST(PasswordPolicy, S51_RepeatsAndRunsAreRefused) {
  for (const char* password : {"aaaaaaaa", "abababab", "abcabcabc", "12121212", "abcdefgh", "hgfedcba", "23456789", "asdfghjk",
                               "poiuytrew", "abcd1234", "qwer4321"}) {
    EXPECT_EQ(Judge(password), "common") << password;
  }
}

TEST(PasswordPolicy, S51_AddressAndSiteAreRefused) {
  for (const char* password : {"ada.lovelace", "Ada.Lovelace1", "ada.lovelace@example.com", "my-northwind", "Northwind2026"}) {
    EXPECT_EQ(Judge(password), "like_email") << password;
  }
  EXPECT_EQ(Judge("umbrella northwind gravel"), "fine") << "enough is left without it";
  EXPECT_EQ(Judge("gravelotter", "ter@example.com"), "fine") << "too short a name to matter";
  EXPECT_EQ(Judge("gravelotter", ""), "fine");
}

TEST(PasswordPolicy, ProblemsAreErrorsAndBack) {
  using enum PasswordProblem;
  for (const auto problem : {kTooShort, kTooLong, kCommon, kLikeIdentity}) {
    EXPECT_EQ(ProblemOf(Error(ToErrc(problem))), problem);
    EXPECT_FALSE(SentenceFor(problem, kPolicy).empty());
  }
  EXPECT_EQ(ProblemOf(Error(Errc::kInvalidEmail)), std::nullopt);
}

TEST(CommonPasswords, AreSortedLowerCaseAndNotTooShort) {
  const auto all = CommonPasswords();
  EXPECT_GT(all.size(), 300u);
  EXPECT_TRUE(std::ranges::is_sorted(all));
  for (const auto word : all) {
    EXPECT_GE(word.size(), 4u);
    EXPECT_TRUE(std::ranges::none_of(word, [](char c) { return c >= 'A' && c <= 'Z'; })) << word;
  }
}

}  // namespace
}  // namespace sallyport::identity
