// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/dev_config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/fake_random.h"

namespace sallyport::config {
namespace {

class DevConfig : public testing::Test {
 protected:
  DevConfig() {
    options_.web = "http://localhost:3000";
    options_.api = "http://localhost:4000";
    options_.state_dir = (std::filesystem::path(testing::TempDir()) / ("dev_config_" + std::to_string(::getpid()))).string();
    std::filesystem::remove_all(options_.state_dir);
  }
  ~DevConfig() override { std::filesystem::remove_all(options_.state_dir); }

  static mode_t ModeOf(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
  }

  DevOptions options_;
  sallyport::test::FakeRandom random_;
};

TEST_F(DevConfig, TheMainJobWorksWithoutAFile) {
  const auto config = MakeDevConfig(options_, random_);
  ASSERT_TRUE(config) << config.error().front().ToString();
  const auto& gateway = (*config)->gateway;
  EXPECT_TRUE(gateway.dev);
  EXPECT_TRUE(gateway.search_answers);
  EXPECT_EQ(gateway.public_url.ToString(), "http://localhost:8080");
  EXPECT_EQ(gateway.aliases.at(0).ToString(), "http://127.0.0.1:8080");
  EXPECT_EQ(gateway.upstreams.at(0).kind, gateway::UpstreamKind::kPages);
  EXPECT_EQ(gateway.upstreams.at(0).bearer_for, "api");
  EXPECT_EQ(gateway.routes.at(0).path, "/api/*");
  EXPECT_EQ(gateway.routes.at(0).identity, gateway::Identity::kJwt);
  EXPECT_EQ(gateway.routes.at(1).access, gateway::Access::kOptional);
  EXPECT_TRUE((*config)->signin.email.keep_in_mailbox);
  EXPECT_EQ((*config)->signin.password.registration, signin::Registration::kVerified);
  EXPECT_GE((*config)->assumptions.size(), 4u);
}

TEST_F(DevConfig, S62_TheStateIsForTheOwnerAloneAndTheSecretStays) {
  const auto first = MakeDevConfig(options_, random_), second = MakeDevConfig(options_, random_);
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->secrets.at(0).Reveal(), (*second)->secrets.at(0).Reveal());
  EXPECT_EQ((*first)->secrets.at(0).size(), 64u);
  EXPECT_EQ(ModeOf(options_.state_dir), 0700u);
  EXPECT_EQ(ModeOf(options_.state_dir + "/secret"), 0600u);
}

TEST_F(DevConfig, KnownProvidersOfTheEnvironmentAreOn) {
  const auto config = MakeDevConfig(options_, random_, [](std::string_view name) -> std::optional<std::string> {
    return name == "AUTH_GITHUB_ID" || name == "AUTH_GITHUB_SECRET" ? std::optional<std::string>("x") : std::nullopt;
  });
  ASSERT_TRUE(config) << config.error().front().ToString();
  ASSERT_EQ((*config)->signin.providers.size(), 1u);
  EXPECT_EQ((*config)->assumptions.back(), "People sign in with GitHub as well: its credentials stand in the environment.");
}

TEST_F(DevConfig, WithoutAnApiThereAreOnlyPages) {
  options_.api.clear();
  const auto config = MakeDevConfig(options_, random_);
  ASSERT_TRUE(config);
  EXPECT_EQ((*config)->gateway.routes.size(), 1u);
  EXPECT_EQ((*config)->gateway.upstreams.at(0).bearer_for, "");
}

TEST_F(DevConfig, PathAndPrefixOfTheApiCanBeChosen) {
  options_.api_path = "/backend/";
  options_.strip_prefix = true;
  const auto config = MakeDevConfig(options_, random_);
  ASSERT_TRUE(config);
  EXPECT_EQ((*config)->gateway.routes.at(0).path, "/backend/*");
  EXPECT_TRUE((*config)->gateway.routes.at(0).strip_prefix);
}

TEST_F(DevConfig, AllWrongOptionsAreToldAtOnce) {
  options_.web = "https://localhost";
  options_.listen = "localhost";
  options_.api_path = "/api/auth";
  options_.public_url = "ftp://x";
  const auto config = MakeDevConfig(options_, random_);
  ASSERT_FALSE(config);
  ASSERT_EQ(config.error().size(), 4u);
  EXPECT_EQ(config.error()[0].ToString(), "--listen: 'localhost' is not an address. Write 127.0.0.1:8080.");
}

TEST_F(DevConfig, AnOpenIdProviderIsASwitchAway) {
  options_.oidc = {"work=http://127.0.0.1:4010"};
  const Environment nothing = [](std::string_view) { return std::nullopt; };
  const auto config = MakeDevConfig(options_, random_, nothing);
  ASSERT_TRUE(config);
  const auto& provider = (*config)->signin.providers.at(0);
  EXPECT_EQ(provider.spec.id, "work");
  EXPECT_EQ(provider.spec.name, "Work");
  EXPECT_EQ(provider.spec.issuer, "http://127.0.0.1:4010");
  EXPECT_EQ(provider.credentials.client_id, "sallyport");
  EXPECT_EQ(provider.spec.token.authentication, signin::ClientAuthentication::kNone);
  EXPECT_TRUE(provider.allow_private_network);
  for (const char* wrong : {"work", "=https://id.example.com", "work=nowhere"}) {
    options_.oidc = {wrong};
    EXPECT_FALSE(MakeDevConfig(options_, random_, nothing)) << wrong;
  }
}

}  // namespace
}  // namespace sallyport::config
