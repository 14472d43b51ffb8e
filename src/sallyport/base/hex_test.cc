// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/hex.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(Hex, BytesBecomeLowerCaseDigitsAndBack) {
  EXPECT_EQ(EncodeHex(std::string_view("\x00\x7f\xff", 3)), "007fff");
  EXPECT_EQ(DecodeHex("007FfF"), std::string("\x00\x7f\xff", 3));
  EXPECT_EQ(DecodeHex(""), "");
}

TEST(Hex, OddLengthAndForeignCharactersAreRefused) {
  for (const char* bad : {"0", "0g", "0x", " 00", "00 "}) EXPECT_FALSE(DecodeHex(bad)) << bad;
}

}  // namespace
}  // namespace sallyport
