// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/signin_code.h"

#include <gtest/gtest.h>

#include <set>

#include "sallyport/crypto/system_random.h"
#include "support/fake_random.h"

namespace sallyport::identity {
namespace {

crypto::DerivedKeys KeysOf(std::initializer_list<char> letters) {
  std::vector<Secret> secrets;
  for (const char letter : letters) secrets.emplace_back(std::string(32, letter));
  return crypto::DerivedKeys::Derive(secrets).value();
}

TEST(SignInCode, IsEightDigitsAndNeverTheSame) {
  crypto::SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const std::string code = MintSignInCode(random);
    EXPECT_EQ(ReadSignInCode(code), code);
    seen.insert(code);
  }
  EXPECT_GT(seen.size(), 195u);
}

TEST(SignInCode, IsReadAsPeopleTypeIt) {
  EXPECT_EQ(ShowSignInCode("01234567"), "0123 4567");
  for (const char* typed : {"01234567", "0123 4567", " 0123-4567 ", "0 1 2 3 4 5 6 7"}) EXPECT_EQ(ReadSignInCode(typed), "01234567") << typed;
  for (const char* typed : {"", "1234567", "123456789", "1234567a", "１２３４５６７８", "+1234567"}) EXPECT_FALSE(ReadSignInCode(typed)) << typed;
  EXPECT_FALSE(ReadSignInCode(std::string(1000, ' ') + "12345678"));
}

TEST(SignInCode, S54_TheHashBelongsToOneMail) {
  const auto keys = KeysOf({'a'});
  const std::string hash = HashSignInCode(keys, "mail-1", "12345678");
  EXPECT_EQ(hash.find("12345678"), std::string::npos);
  EXPECT_TRUE(FitsSignInCode(keys, "mail-1", "12345678", hash));
  EXPECT_FALSE(FitsSignInCode(keys, "mail-1", "12345679", hash));
  EXPECT_FALSE(FitsSignInCode(keys, "mail-2", "12345678", hash));
  EXPECT_FALSE(FitsSignInCode(keys, "mail-1", "12345678", ""));
}

TEST(SignInCode, SurvivesTheRotationOfTheSecret) {
  const std::string hash = HashSignInCode(KeysOf({'a'}), "mail-1", "12345678");
  EXPECT_TRUE(FitsSignInCode(KeysOf({'b', 'a'}), "mail-1", "12345678", hash));
  EXPECT_FALSE(FitsSignInCode(KeysOf({'b'}), "mail-1", "12345678", hash));
}

}  // namespace
}  // namespace sallyport::identity
