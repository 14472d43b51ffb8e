// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "sallyport/config/sections.h"
#include "sallyport/config/test_loading.h"

namespace sallyport::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Read {
  std::vector<std::string> problems;
  Config config;
};

// Straight through the sections' readers.
Read ReadProviders(std::string_view toml, test::Variables variables = {}) {
  Read out;
  std::vector<Problem> problems;
  const std::string file = "sallyport.toml";
  const Environment environment = [variables](std::string_view name) -> std::optional<std::string> {
    const auto it = variables.find(name);
    return it == variables.end() ? std::nullopt : std::optional(it->second);
  };
  const auto root = ParseToml(toml, file, environment, problems);
  EXPECT_TRUE(root);
  Reading reading{file, problems};
  std::set<std::string> names;
  for (const auto& [name, table] : root->members) {
    Section section(reading, &table, "signin.provider.NAME", "signin.provider." + name);
    ReadProvider(section, name, "", environment, out.config);
    names.insert(name);
  }
  AddProvidersOfEnvironment(names, reading, environment, out.config);
  for (const auto& problem : problems) out.problems.push_back(problem.ToString());
  return out;
}

TEST(Providers, AKnownOneNeedsItsCredentialsOnly) {
  const auto read = ReadProviders("[google]\nclient_id = \"c\"\nclient_secret = \"s\"\n");
  EXPECT_THAT(read.problems, IsEmpty());
  ASSERT_EQ(read.config.signin.providers.size(), 1u);
  const auto& provider = read.config.signin.providers[0];
  EXPECT_EQ(provider.spec.id, "google");
  EXPECT_EQ(provider.spec.issuer, "https://accounts.google.com");
  EXPECT_EQ(provider.credentials.client_id, "c");
  EXPECT_EQ(provider.credentials.client_secret.Reveal(), "s");
  EXPECT_TRUE(provider.allow_registration);
  EXPECT_FALSE(provider.trust_email || provider.allow_private_network);
}

TEST(Providers, TheEnvironmentAloneIsEnough) {
  const auto read = ReadProviders("", {{"AUTH_CLICK_UP_ID", "c"}, {"AUTH_CLICK_UP_SECRET", "s"},
                                       {"AUTH_KEYCLOAK_ID", "k"}, {"AUTH_KEYCLOAK_SECRET", "s"}, {"AUTH_KEYCLOAK_ISSUER", "https://id.example/realms/x"},
                                       {"AUTH_GITHUB_ID", ""}, {"AUTH_GITHUB_SECRET", ""}});
  EXPECT_THAT(read.problems, IsEmpty());
  ASSERT_EQ(read.config.signin.providers.size(), 2u);
  EXPECT_EQ(read.config.signin.providers[0].spec.id, "click-up");
  EXPECT_EQ(read.config.signin.providers[1].spec.issuer, "https://id.example/realms/x");
}

TEST(Providers, HalfOfTheEnvironmentIsAWarning) {
  const auto read = ReadProviders("", {{"AUTH_GITHUB_ID", "c"}});
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_THAT(read.config.signin.providers, IsEmpty());
  EXPECT_THAT(read.config.warnings, ElementsAre("AUTH_GITHUB_ID is set but AUTH_GITHUB_SECRET is not: GitHub is not offered."));
}

TEST(Providers, ProblemsOfTheEnvironmentNameTheVariable) {
  const auto read = ReadProviders("", {{"AUTH_OKTA_ID", "c"}, {"AUTH_OKTA_SECRET", "s"}, {"AUTH_NETSUITE_ID", "c"}, {"AUTH_NETSUITE_SECRET", "s"}});
  EXPECT_THAT(read.problems, ElementsAre(StartsWith("environment: AUTH_NETSUITE_ID: is set, but tenant is required."),
                                         StartsWith("environment: AUTH_NETSUITE_ID: is set, but userinfo_endpoint"),
                                         StartsWith("environment: AUTH_OKTA_ISSUER: is required. E.g. issuer")));
}

TEST(Providers, TheFileComesBeforeTheEnvironment) {
  const auto read = ReadProviders("[okta]\nclient_id = \"mine\"\n[google]\nenabled = false\n",
                                  {{"AUTH_OKTA_ID", "c"}, {"AUTH_OKTA_SECRET", "s"}, {"AUTH_OKTA_ISSUER", "https://o.okta.com"},
                                   {"AUTH_GOOGLE_ID", "c"}, {"AUTH_GOOGLE_SECRET", "s"}});
  EXPECT_THAT(read.problems, IsEmpty());
  ASSERT_EQ(read.config.signin.providers.size(), 1u) << "google is switched off";
  EXPECT_EQ(read.config.signin.providers[0].credentials.client_id, "mine");
  EXPECT_EQ(read.config.signin.providers[0].credentials.client_secret.Reveal(), "s");
}

TEST(Providers, EverythingIsNamedWithItsLine) {
  EXPECT_THAT(ReadProviders("[google]\nclient_id = \"c\"\n").problems,
              ElementsAre(StartsWith("sallyport.toml:1: signin.provider.google.client_secret: is required. From https://console.cloud.google.com")));
  EXPECT_THAT(ReadProviders("[gogle]\nclient_id = \"c\"\n").problems, ElementsAre(StartsWith("sallyport.toml:1: signin.provider.gogle: 'gogle' is not a known provider. Did you mean 'google'?")));
  EXPECT_THAT(ReadProviders("[google]\nclient_id = \"c\"\nclient_secret = \"s\"\nkind = \"oidcc\"\nresponse_mode = \"fragment\"\nscop = \"x\"\n"
                            "authorization_parameters = { a = 1 }\nclient_authentication = \"basic\"\n").problems,
              ElementsAre(HasSubstr(":6: signin.provider.google.scop: is not a known key. Did you mean 'scope'?"),
                          HasSubstr(":4: signin.provider.google.kind: 'oidcc' is not a value of it."), HasSubstr(":5: signin.provider.google.response_mode:"),
                          HasSubstr(":8: signin.provider.google.client_authentication:"), HasSubstr(":7: signin.provider.google.authorization_parameters: 'a' must be a string")));
  EXPECT_THAT(ReadProviders("[\"Go\"]\nkind = \"oidc\"\n").problems, ElementsAre(HasSubstr("a provider's name is")));
}

TEST(Providers, S62_AMissingVariableIsOneProblem) {
  EXPECT_THAT(ReadProviders("[google]\nclient_id = \"c\"\nclient_secret = \"${NO}\"\n").problems, ElementsAre(HasSubstr("NO")));
}

TEST(Providers, SecretsComeFromFiles) {
  const auto path = std::filesystem::path(testing::TempDir()) / ("provider_secret_" + std::to_string(::getpid()));
  std::ofstream(path) << "from file\n";
  const auto read = ReadProviders("[google]\nclient_id = \"c\"\nclient_secret_file = \"" + path.string() + "\"\n", {{"AUTH_GOOGLE_SECRET", "no"}});
  std::filesystem::remove(path);
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_EQ(read.config.signin.providers.at(0).credentials.client_secret.Reveal(), "from file");
  EXPECT_THAT(ReadProviders("[google]\nclient_id = \"c\"\nclient_secret_file = \"/nonexistent\"\n").problems, ElementsAre(HasSubstr("client_secret_file: cannot be read")));
  EXPECT_THAT(ReadProviders("[google]\nclient_id = \"c\"\nclient_secret = \"s\"\nclient_secret_file = \"/x\"\n").problems, ElementsAre(HasSubstr("client_secret_file: client_secret is set too")));
}

TEST(Providers, AppleTakesAKeyOrAReadyMadeSecret) {
  EXPECT_THAT(ReadProviders("[apple]\nclient_id = \"c\"\n").problems,
              ElementsAre(HasSubstr("team_id: is required"), HasSubstr("key_id: is required"), HasSubstr("private_key: is required")));
  const auto read = ReadProviders("", {{"AUTH_APPLE_ID", "c"}, {"AUTH_APPLE_SECRET", "eyJ.e30.x"}});
  EXPECT_THAT(read.problems, IsEmpty());
  EXPECT_FALSE(read.config.signin.providers.at(0).spec.token.self_signed_secret);
}

TEST(Providers, OneThatIsOffNeedsNoCredentials) {
  const auto read = ReadProviders("[google]\nenabled = false\n[work]\nenabled = false\nscop = \"x\"\n");
  EXPECT_THAT(read.problems, ElementsAre(HasSubstr("signin.provider.work.scop: is not a known key")));
  EXPECT_THAT(read.config.signin.providers, IsEmpty());
}

TEST(Providers, WeakeningsAreSaid) {
  const auto read = ReadProviders("[google]\nclient_id = \"c\"\nclient_secret = \"s\"\ntrust_email = true\npkce = false\nnonce = true\n");
  EXPECT_THAT(read.config.warnings, ElementsAre(HasSubstr("signin.provider.google.trust_email"), HasSubstr("signin.provider.google.pkce is false")));
}

}  // namespace
}  // namespace sallyport::config
