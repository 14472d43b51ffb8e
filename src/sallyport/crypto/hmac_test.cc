// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/hmac.h"

#include <gtest/gtest.h>

#include "sallyport/base/hex.h"

namespace sallyport::crypto {
namespace {

// RFC 4231.
TEST(Hmac, AnswersAreThoseOfRfc4231) {
  const std::string key1(20, '\x0b'), key6(131, '\xaa');
  EXPECT_EQ(EncodeHex(AsView(HmacSha256(key1).Mac("Hi There"))), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(EncodeHex(AsView(HmacSha256("Jefe").Mac("what do ya want for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(EncodeHex(AsView(HmacSha256(key6).Mac("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(EncodeHex(AsView(HmacSha384(key1).Mac("Hi There"))),
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6");
  EXPECT_EQ(EncodeHex(AsView(HmacSha512(key6).Mac("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

TEST(Hmac, KeyObjectIsReusableAndSharedByCopies) {
  const HmacSha256 key("key");
  const HmacSha256 copy = key;
  const auto first = key.Mac("one");
  EXPECT_NE(key.Mac("two"), first);
  EXPECT_EQ(copy.Mac("one"), first);
  EXPECT_EQ(key.Mac({"o", "ne"}), first);
}

TEST(Hmac, VerifyTakesOnlyTheWholeMac) {
  const HmacSha256 key("key");
  const auto mac = key.Mac("message");
  EXPECT_TRUE(key.Verify("message", AsView(mac)));
  EXPECT_FALSE(key.Verify("message", AsView(mac).substr(0, 31)));
  EXPECT_FALSE(key.Verify("message", ""));
  EXPECT_FALSE(key.Verify("massage", AsView(mac)));
}

}  // namespace
}  // namespace sallyport::crypto
