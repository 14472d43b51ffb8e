// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/hkdf.h"

#include <gtest/gtest.h>

#include "sallyport/base/hex.h"

namespace sallyport::crypto {
namespace {

std::string Hkdf(std::string_view ikm, std::string_view salt, std::string_view info, std::size_t length) {
  return EncodeHex(HkdfSha256(*DecodeHex(ikm), *DecodeHex(salt), *DecodeHex(info), length).Reveal());
}

// RFC 5869, appendix A.
TEST(Hkdf, AnswersAreThoseOfRfc5869) {
  const std::string ikm = "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b";
  EXPECT_EQ(Hkdf(ikm, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  EXPECT_EQ(Hkdf(ikm, "", "", 42), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST(Hkdf, LengthIsWhatWasAsked) {
  for (const std::size_t length : {0U, 1U, 32U, 33U, 64U, 8160U}) EXPECT_EQ(HkdfSha256("k", "s", "i", length).size(), length);
}

}  // namespace
}  // namespace sallyport::crypto
