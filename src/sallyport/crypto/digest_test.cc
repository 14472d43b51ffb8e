// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/digest.h"

#include <gtest/gtest.h>

#include <thread>

#include "sallyport/base/hex.h"

namespace sallyport::crypto {
namespace {

TEST(Digest, AnswersAreThoseOfFips180) {
  EXPECT_EQ(EncodeHex(AsView(Sha256("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(EncodeHex(AsView(Sha256(""))), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(EncodeHex(AsView(Sha384("abc"))),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7");
  EXPECT_EQ(EncodeHex(AsView(Sha512("abc"))),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

TEST(Digest, PartsAreHashedAsIfJoined) { EXPECT_EQ(Sha256({"a", "", "bc"}), Sha256("abc")); }

TEST(Digest, EachThreadHasItsOwnContext) {
  const Sha256Digest expected = Sha256("abc");
  std::jthread other([&] {
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(Sha256("abc"), expected);
  });
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(Sha256("abc"), expected);
}

}  // namespace
}  // namespace sallyport::crypto
