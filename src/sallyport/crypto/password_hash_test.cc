// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/password_hash.h"

#include <gtest/gtest.h>

#include "sallyport/crypto/errc.h"
#include "support/fake_random.h"

namespace sallyport::crypto {
namespace {

constexpr const char* kBcrypt = "$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
constexpr const char* kSha512 =
    "$6$rounds=1000$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi.HdxNDcL3fGE1XXuzvo6kbx7UOloZKONqEk5H3JrQA4NOfU8BmqFPrpGqwA1";
// From the reference implementation's own tests.
constexpr const char* kSmallArgon2 = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

TEST(PasswordHash, S51_NewHashesAreArgon2idAtOwaspMinimum) {
  test::FakeRandom random;
  const auto encoded = HashPassword("correct horse", {}, random);
  ASSERT_TRUE(encoded);
  EXPECT_TRUE(encoded->starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << *encoded;
  EXPECT_EQ(VerifyPassword("correct horse", *encoded), true);
  EXPECT_EQ(VerifyPassword("correct horsf", *encoded), false);
  EXPECT_EQ(VerifyPassword("", *encoded), false);
  EXPECT_FALSE(NeedsRehash(*encoded, {}));
  EXPECT_NE(*HashPassword("correct horse", {}, random), *encoded) << "another salt each time";
}

TEST(PasswordHash, S51_ParametersBelowTheMinimumOrAboveTheCapsAreRefused) {
  test::FakeRandom random;
  for (const Argon2Parameters bad : {Argon2Parameters{19455, 2, 1}, {19456, 1, 1}, {19456, 2, 0}, {19456, 2, 17}, {19456, 17, 1},
                                     {2 * 1024 * 1024, 2, 1}})
    EXPECT_TRUE(HashPassword("x", bad, random).error().Is(Errc::kInvalidInput));
}

TEST(PasswordHash, S51_PasswordsOfMoreThan1024BytesAreRefused) {
  test::FakeRandom random;
  EXPECT_FALSE(HashPassword(std::string(1025, 'x'), {}, random));
  EXPECT_EQ(VerifyPassword(std::string(1025, 'x'), kSmallArgon2), false);
}

TEST(PasswordHash, S51_ImportedHashesVerifyAndAreDueForRehash) {
  EXPECT_EQ(VerifyPassword("password", kSmallArgon2), true);
  EXPECT_EQ(VerifyPassword("correct horse", kBcrypt), true);
  EXPECT_EQ(VerifyPassword("correct horse", std::string("$2y") + (kBcrypt + 3)), true);
  EXPECT_EQ(VerifyPassword("correct horse", kSha512), true);
  for (const char* encoded : {kSmallArgon2, kBcrypt, kSha512}) {
    EXPECT_EQ(VerifyPassword("wrong", encoded), false);
    EXPECT_EQ(VerifyPassword("", encoded), false);
    EXPECT_TRUE(NeedsRehash(encoded, {}));
  }
}

TEST(PasswordHash, PasswordWithNulIsNotCutShort) {
  EXPECT_EQ(VerifyPassword(std::string_view("correct horse\0x", 15), kBcrypt), false);
  EXPECT_EQ(VerifyPassword(std::string_view("correct horse\0x", 15), kSha512), false);
  test::FakeRandom random;
  const auto encoded = HashPassword(std::string_view("a\0b", 3), {}, random);
  EXPECT_EQ(VerifyPassword(std::string_view("a\0b", 3), *encoded), true);
  EXPECT_EQ(VerifyPassword(std::string_view("a\0c", 3), *encoded), false);
}

TEST(PasswordHash, S51_ImportedParametersAreCapped) {
  for (const char* greedy : {"$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                             "$argon2id$v=19$m=256,t=100000,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                             "$argon2i$v=19$m=256,t=2,p=1000$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                             "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
                             "$6$rounds=999999999$saltsalt$4GMtaIz3E1AdDi2SmCokEW0ehi.HdxNDcL3fGE1XXuzv"})
    EXPECT_TRUE(VerifyPassword("x", greedy).error().Is(Errc::kInvalidInput)) << greedy;
}

TEST(PasswordHash, UnknownAndBrokenFormatsAreErrorsNotMatches) {
  for (const std::string& bad : {std::string(), std::string("*"), std::string("password"), std::string("$1$salt$abc"), std::string("$"),
                                std::string("$argon2id$"), std::string("$argon2id$v=19$m=256,t=2,p=1"), std::string("$argon2id$v=19$m=256,t=2,p=1$$"),
                                std::string("$2b$"), std::string("$2b$04$short"), std::string("$6$"), std::string("$6$rounds="),
                                std::string("$6$a\0b", 6), std::string(2000, '$')}) {
    const auto outcome = VerifyPassword("", bad);
    EXPECT_FALSE(outcome.has_value() && *outcome) << bad;
    EXPECT_TRUE(NeedsRehash(bad, {}));
  }
}

TEST(PasswordHash, NeedsRehashFollowsTheParameters) {
  const std::string encoded = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  EXPECT_FALSE(NeedsRehash(encoded, {}));
  EXPECT_TRUE(NeedsRehash(encoded, {.memory_kib = 32768}));
  EXPECT_TRUE(NeedsRehash(encoded, {.iterations = 3}));
  EXPECT_TRUE(NeedsRehash(encoded, {.lanes = 2}));
}

TEST(PasswordHash, S50_VerifyNobodyDoesTheWork) { VerifyNobody("anything", {}); }

}  // namespace
}  // namespace sallyport::crypto
