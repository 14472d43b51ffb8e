// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/provider_reference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace sallyport::config {
namespace {

using testing::HasSubstr;

TEST(ProviderReference, TheDocumentIsTheTable) {
  std::ifstream file(std::filesystem::path(SALLYPORT_SOURCE_DIR) / "docs/providers.md");
  EXPECT_EQ((std::ostringstream() << file.rdbuf()).str(), ProvidersMarkdown()) << "write it anew: sallyport providers --reference > docs/providers.md";
}

TEST(ProviderReference, AnExampleHasWhatTheProviderNeeds) {
  const auto example = [](std::string_view id) { return ProviderExample(*signin::FindKnownProvider(id)); };
  EXPECT_EQ(example("click-up"), "[signin.provider.click-up]\nclient_id = \"…\"\nclient_secret = \"${AUTH_CLICK_UP_SECRET}\"\n");
  EXPECT_THAT(example("keycloak"), HasSubstr("\nissuer = \"https://HOST/realms/REALM\"\n"));
  EXPECT_THAT(example("apple"), HasSubstr("\nteam_id = \"…\"\n"));
  EXPECT_THAT(example("microsoft-entra-id"), HasSubstr("\n#tenant = \"common\""));
  EXPECT_THAT(example("netsuite"), HasSubstr("\ntenant = \"…\""));
  EXPECT_THAT(example("netsuite"), HasSubstr("\nuserinfo_endpoint = "));
  EXPECT_THAT(example("bungie"), HasSubstr("X-API-Key"));
}

TEST(ProviderReference, S33_ItSaysWhichAddressesCount) {
  EXPECT_EQ(ConfirmedAddresses(*signin::FindKnownProvider("google")), "by email_verified");
  EXPECT_EQ(ConfirmedAddresses(*signin::FindKnownProvider("github")), "always: no others are taken");
  EXPECT_EQ(ConfirmedAddresses(*signin::FindKnownProvider("facebook")), "never");
  EXPECT_EQ(ConfirmedAddresses(*signin::FindKnownProvider("reddit")), "never");
  EXPECT_EQ(ConfirmedAddresses(*signin::FindKnownProvider("tiktok")), "no address");
}

}  // namespace
}  // namespace sallyport::config
