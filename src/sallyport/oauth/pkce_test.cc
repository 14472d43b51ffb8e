// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/pkce.h"

#include <gtest/gtest.h>

#include "support/fake_random.h"

namespace sallyport::oauth {
namespace {

TEST(Pkce, ChallengeIsThatOfRfc7636AppendixB) {
  EXPECT_EQ(S256Challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Pkce, S30_VerifiersHave256BitsAndDiffer) {
  test::FakeRandom random;
  const auto one = MintUnguessable(random);
  EXPECT_EQ(one.size(), 43u);
  EXPECT_NE(one, MintUnguessable(random));
}

}  // namespace
}  // namespace sallyport::oauth
