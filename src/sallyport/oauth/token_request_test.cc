// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/token_request.h"

#include <gtest/gtest.h>

namespace sallyport::oauth {
namespace {

TEST(TokenRequest, CodeGrantCarriesTheVerifierAndTheRedirectUri) {
  EXPECT_EQ(EncodeForm(AuthorizationCodeGrant("c/d", "https://a.example/cb", "v")),
            "grant_type=authorization_code&code=c%2Fd&redirect_uri=https%3A%2F%2Fa.example%2Fcb&code_verifier=v");
}

TEST(TokenRequest, RefreshGrant) { EXPECT_EQ(EncodeForm(RefreshTokenGrant("r+1")), "grant_type=refresh_token&refresh_token=r%2B1"); }

}  // namespace
}  // namespace sallyport::oauth
