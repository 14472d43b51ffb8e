// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/constant_time.h"

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

TEST(ConstantTime, EqualMeansSameLengthAndSameBytes) {
  EXPECT_TRUE(Equal("abc", "abc"));
  EXPECT_TRUE(Equal("", ""));
  EXPECT_TRUE(Equal(std::string_view(), ""));
  for (const char* other : {"", "ab", "abd", "abcd", "ABC"}) EXPECT_FALSE(Equal("abc", other)) << other;
  EXPECT_FALSE(Equal(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

}  // namespace
}  // namespace sallyport::crypto
