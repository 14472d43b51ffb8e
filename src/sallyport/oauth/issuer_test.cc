// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/issuer.h"

#include <gtest/gtest.h>

namespace sallyport::oauth {
namespace {

constexpr std::string_view kEntra = "https://login.microsoftonline.com/{tenantid}/v2.0";

TEST(Issuer, S31_IsComparedByteForByte) {
  EXPECT_TRUE(IssuerMatches("https://op.example", "https://op.example"));
  for (const char* other : {"https://op.example/", "https://OP.example", "http://op.example", "https://op.example.evil", ""})
    EXPECT_FALSE(IssuerMatches("https://op.example", other)) << other;
  EXPECT_FALSE(IssuerMatches("", ""));
}

TEST(Issuer, S31_TemplateTakesATenantIdAndNothingElse) {
  EXPECT_TRUE(IssuerMatches(kEntra, "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"));
  for (const char* other :
       {"https://login.microsoftonline.com/{tenantid}/v2.0", "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0/", "https://login.microsoftonline.com//v2.0",
        "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66d../v2.0",
        "https://login.evil-online.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"})
    EXPECT_FALSE(IssuerMatches(kEntra, other)) << other;
}

TEST(Issuer, WellKnownUrls) {
  EXPECT_EQ(OpenIdConfigurationUrl("https://op.example/realms/x/"), "https://op.example/realms/x/.well-known/openid-configuration");
  EXPECT_EQ(AuthorizationServerMetadataUrl("https://op.example/t1"), "https://op.example/.well-known/oauth-authorization-server/t1");
  EXPECT_EQ(AuthorizationServerMetadataUrl("https://op.example"), "https://op.example/.well-known/oauth-authorization-server");
}

}  // namespace
}  // namespace sallyport::oauth
