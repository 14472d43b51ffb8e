// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/revocation_request.h"

#include <gtest/gtest.h>

#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

TEST(RevocationRequest, NamesTokenAndHint) { EXPECT_EQ(EncodeForm(RevocationForm("r/t", "refresh_token")), "token=r%2Ft&token_type_hint=refresh_token"); }

TEST(RevocationRequest, UnknownTokensAreRevokedToo) {
  EXPECT_TRUE(ReadRevocationAnswer(200, "", ""));
  EXPECT_TRUE(ReadRevocationAnswer(503, "", "").error().Is(Errc::kProviderUnavailable));
  EXPECT_TRUE(ReadRevocationAnswer(400, "application/json", R"({"error":"unsupported_token_type"})").error().Is(Errc::kProviderError));
}

}  // namespace
}  // namespace sallyport::oauth
