// SPDX-License-Identifier: Apache-2.0
#include "sallyport/token/sealed_cookie.h"

#include <gtest/gtest.h>

#include "sallyport/token/errc.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::token {
namespace {

class SealedCookieTest : public ::testing::Test {
 protected:
  SealedCookie Cookie(std::string purpose, char key = 'k') {
    std::vector<Secret> keys;
    keys.emplace_back(std::string(32, key));
    return *SealedCookie::Create(keys, std::move(purpose), clock_, random_);
  }
  json::object Value() const {
    json::object value;
    value["message"] = "hello";
    return value;
  }
  test::FakeClock clock_;
  test::FakeRandom random_;
};

TEST_F(SealedCookieTest, OpensWhatItSealed) {
  const auto sealed = Cookie("flash").Seal(Value(), std::chrono::minutes(1));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(Cookie("flash").Open(*sealed), Value());
  EXPECT_EQ(sealed->find("hello"), std::string::npos);
  EXPECT_EQ(sealed->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), std::string::npos);
}

TEST_F(SealedCookieTest, S40_OnePurposeNeverOpensAsAnother) {
  const auto sealed = Cookie("flash").Seal(Value(), std::chrono::minutes(1));
  EXPECT_TRUE(Cookie("transaction").Open(*sealed).error().Is(Errc::kForged));
  EXPECT_TRUE(Cookie("flash", 'x').Open(*sealed).error().Is(Errc::kForged));
}

TEST_F(SealedCookieTest, ExpiredAtExactlyItsEndIsRejected) {
  const auto sealed = Cookie("flash").Seal(Value(), std::chrono::minutes(1));
  clock_.Advance(std::chrono::milliseconds(59'999));
  EXPECT_TRUE(Cookie("flash").Open(*sealed));
  clock_.Advance(std::chrono::milliseconds(1));
  EXPECT_TRUE(Cookie("flash").Open(*sealed).error().Is(Errc::kExpired));
}

TEST_F(SealedCookieTest, GarbageAndOversizeAreRefused) {
  EXPECT_FALSE(Cookie("flash").Open(""));
  EXPECT_TRUE(Cookie("flash").Open("%%%%").error().Is(Errc::kMalformed));
  EXPECT_TRUE(Cookie("flash").Open(std::string(200, 'A')).error().Is(Errc::kForged));
  EXPECT_TRUE(Cookie("flash").Open(std::string(4000, 'A')).error().Is(Errc::kTooLarge));
  json::object large;
  large["x"] = std::string(4000, 'x');
  EXPECT_TRUE(Cookie("flash").Seal(large, std::chrono::minutes(1)).error().Is(Errc::kTooLarge));
}

}  // namespace
}  // namespace sallyport::token
