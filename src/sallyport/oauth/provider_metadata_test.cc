// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/provider_metadata.h"

#include <gtest/gtest.h>

#include "sallyport/base/json.h"
#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

json::object Sample() {
  return {{"issuer", "https://op.example"},
          {"authorization_endpoint", "https://op.example/auth"},
          {"token_endpoint", "https://op.example/token"},
          {"jwks_uri", "https://op.example/jwks"},
          {"response_types_supported", {"code", "id_token"}},
          {"code_challenge_methods_supported", {"S256"}},
          {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_jwt", "none"}},
          {"id_token_signing_alg_values_supported", {"RS256", "none"}},
          {"authorization_response_iss_parameter_supported", true}};
}
Result<ProviderMetadata> Read(const json::object& document, MetadataPolicy policy = {"https://op.example", false}) {
  return ReadProviderMetadata(json::serialize(document), policy);
}

TEST(ProviderMetadata, IsRead) {
  const auto metadata = Read(Sample());
  ASSERT_TRUE(metadata) << metadata.error().ToLogString();
  EXPECT_EQ(metadata->token_endpoint, "https://op.example/token");
  EXPECT_TRUE(metadata->sends_response_issuer);
  EXPECT_FALSE(metadata->requires_pushed_requests);
  EXPECT_EQ(metadata->token_auth_methods, (std::vector{ClientAuthMethod::kSecretBasic, ClientAuthMethod::kNone}));
  EXPECT_EQ(metadata->id_token_algorithms, std::vector{jose::JwsAlgorithm::kRs256});
  EXPECT_TRUE(metadata->userinfo_endpoint.empty());
}

TEST(ProviderMetadata, S31_IssuerMustBeTheConfiguredOne) {
  for (const char* other : {"https://op.example//", "https://evil.example", "https://op.example.evil", "http://op.example", "/", ""}) {
    auto document = Sample();
    document["issuer"] = other;
    EXPECT_TRUE(Read(document).error().Is(Errc::kWrongIssuer)) << other;
  }
  auto document = Sample();
  document["issuer"] = 7;
  EXPECT_TRUE(Read(document).error().Is(Errc::kMalformed));
  document.erase("issuer");
  EXPECT_FALSE(Read(document));
  EXPECT_FALSE(Read(Sample(), {"", false}));
}

TEST(ProviderMetadata, SlashAtTheEndIsNoDifferenceAndTheDocumentsSpellingCounts) {
  auto document = Sample();
  document["issuer"] = "https://op.example/";
  EXPECT_EQ(Read(document)->issuer, "https://op.example/");
  EXPECT_EQ(Read(Sample(), {"https://op.example/", false})->issuer, "https://op.example");
}

TEST(ProviderMetadata, S31_TenantTemplateMustBeTheDocumentsOwn) {
  auto document = Sample();
  document["issuer"] = "https://login.example/{tenantid}/v2.0";
  EXPECT_TRUE(Read(document, {"https://login.example/{tenantid}/v2.0", false}));
  EXPECT_FALSE(Read(document, {"https://login.example/common/v2.0", false}));
}

TEST(ProviderMetadata, EndpointsMustBeHttpsUnlessAllowed) {
  for (const char* name : {"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint",
                           "revocation_endpoint", "pushed_authorization_request_endpoint"}) {
    auto document = Sample();
    document[name] = "http://127.0.0.1:9/x";
    EXPECT_TRUE(Read(document).error().Is(Errc::kInsecureEndpoint)) << name;
    EXPECT_TRUE(Read(document, {"https://op.example", true})) << name;
    document[name] = "file:///etc/passwd";
    EXPECT_TRUE(Read(document, {"https://op.example", true}).error().Is(Errc::kMalformed)) << name;
    document[name] = json::array{"https://op.example/x"};
    EXPECT_TRUE(Read(document).error().Is(Errc::kMalformed)) << name;
  }
}

TEST(ProviderMetadata, S30_ProviderWithoutCodeFlowOrS256IsRefused) {
  auto document = Sample();
  document["code_challenge_methods_supported"] = json::array{"plain"};
  EXPECT_TRUE(Read(document).error().Is(Errc::kUnsupported));
  document = Sample();
  document["response_types_supported"] = json::array{"id_token"};
  EXPECT_TRUE(Read(document).error().Is(Errc::kUnsupported));
}

TEST(ProviderMetadata, MissingEndpointsAreRefused) {
  for (const char* name : {"authorization_endpoint", "token_endpoint"}) {
    auto document = Sample();
    document.erase(name);
    EXPECT_FALSE(Read(document)) << name;
  }
}

}  // namespace
}  // namespace sallyport::oauth
