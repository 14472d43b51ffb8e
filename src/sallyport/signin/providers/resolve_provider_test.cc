// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/resolve_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "sallyport/base/url.h"
#include "sallyport/crypto/key_pair.h"
#include "sallyport/signin/providers/profile_expression.h"
#include "sallyport/signin/providers/provider_table.h"

namespace sallyport::signin {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ProviderSettings Named(std::string id) {
  ProviderSettings settings;
  settings.id = std::move(id);
  settings.client_id = "client";
  return settings;
}

// "key: message" of each.
std::vector<std::string> Problems(const ProviderSettings& settings) {
  std::vector<std::string> out;
  const auto spec = ResolveProvider(settings);
  if (!spec) {
    for (const auto& problem : spec.error()) out.push_back(problem.key + ": " + problem.message);
  }
  return out;
}

ProviderSpec Resolved(const ProviderSettings& settings) {
  EXPECT_THAT(Problems(settings), IsEmpty()) << settings.id;
  return ResolveProvider(settings).value_or(ProviderSpec{});
}

// Everything that a row wants from the configuration.
ProviderSettings Complete(const ProviderRow& row) {
  auto settings = Named(std::string(row.id));
  if (!row.issuer_example.empty()) settings.issuer = "https://tenant.example.com";
  if (row.id == "netsuite") settings.tenant = "1234", settings.userinfo_endpoint = "https://x.example/me";
  if (!row.required_header.empty()) settings.userinfo_headers = {{std::string(row.required_header), "k"}};
  return settings;
}

TEST(ProviderTable, EveryRowIsWholeAndThereOnce) {
  std::set<std::string_view> ids;
  for (const auto* row : KnownProviders()) {
    EXPECT_TRUE(ids.insert(row->id).second) << row->id;
    EXPECT_FALSE(row->name.empty() || row->console.empty()) << row->id;
    EXPECT_EQ(FindKnownProvider(row->id), row);
    for (const auto text : {row->profile_id, row->profile_name, row->profile_email, row->profile_image}) {
      EXPECT_TRUE(ProfileExpression::Parse(text)) << row->id << ": " << text;
    }
  }
  EXPECT_EQ(ids.size(), 93u);
  EXPECT_EQ(FindKnownProvider("gogle"), nullptr);
}

TEST(ProviderTable, EveryRowResolves) {
  for (const auto* row : KnownProviders()) {
    const auto spec = Resolved(Complete(*row));
    EXPECT_EQ(spec.id, row->id);
    EXPECT_EQ(spec.nonce && spec.kind == ProviderKind::kOAuth2, false) << row->id;
    const bool oidc = spec.kind == ProviderKind::kOidc;
    for (const auto& url : {spec.authorization.endpoint, spec.token.endpoint, oidc ? spec.discovery_url : "https://x"}) {
      EXPECT_TRUE((oidc && url.empty()) || ParseUrl(url)) << row->id << ": " << url;
      EXPECT_EQ(url.find_first_of("{}"), std::string::npos) << row->id << ": " << url;
    }
    EXPECT_EQ(spec.profile_requests.empty(), spec.profile_source == ProfileSource::kIdToken) << row->id;
    for (const auto& request : spec.profile_requests) {
      EXPECT_TRUE(request.url.empty() ? oidc : request.url.starts_with("https://")) << row->id;
      EXPECT_EQ(request.url.find("{issuer}"), std::string::npos) << row->id;
    }
    for (const auto& parameter : spec.authorization.parameters) EXPECT_FALSE(parameter.value.empty()) << row->id;
  }
}

TEST(ResolveProvider, GoogleNeedsNothingMore) {
  const auto spec = Resolved(Named("google"));
  EXPECT_EQ(spec.kind, ProviderKind::kOidc);
  EXPECT_EQ(spec.issuer, "https://accounts.google.com");
  EXPECT_EQ(spec.discovery_url, "https://accounts.google.com/.well-known/openid-configuration");
  EXPECT_EQ(spec.authorization.scope, "openid profile email");
  EXPECT_TRUE(spec.pkce && spec.nonce);
  EXPECT_EQ(spec.profile.verification, EmailVerification::kFlag);
  EXPECT_EQ(spec.profile.verified, "email_verified");
}

TEST(ResolveProvider, GithubOfOnesOwn) {
  auto settings = Named("github");
  EXPECT_THAT(Resolved(settings).profile_requests.at(1).url, "https://api.github.com/user/emails");
  settings.issuer = "https://git.example.com/";
  const auto spec = Resolved(settings);
  EXPECT_EQ(spec.authorization.endpoint, "https://git.example.com/login/oauth/authorize");
  EXPECT_EQ(spec.issuer, "https://git.example.com/login/oauth");
  EXPECT_EQ(spec.profile_requests.at(0).url, "https://git.example.com/api/v3/user");
  EXPECT_EQ(spec.profile_requests.at(1).url, "https://git.example.com/api/v3/user/emails");
  EXPECT_TRUE(spec.profile_requests.at(1).optional);
}

TEST(ResolveProvider, ATypeUnderAnotherName) {
  auto settings = Named("work");
  settings.type = "keycloak";
  settings.issuer = "https://id.example.com/realms/x";
  const auto spec = Resolved(settings);
  EXPECT_EQ(spec.id, "work");
  EXPECT_EQ(spec.name, "Keycloak");
  settings.type = "keycloack";
  EXPECT_THAT(Problems(settings), ElementsAre("type: 'keycloack' is not a known provider"));
}

TEST(ResolveProvider, AnyIssuer) {
  auto settings = Named("work");
  settings.kind = ProviderKind::kOidc;
  EXPECT_THAT(Problems(settings), ElementsAre("issuer: is required"));
  settings.issuer = "https://id.example.com/";
  const auto spec = Resolved(settings);
  EXPECT_EQ(spec.issuer, "https://id.example.com/");
  EXPECT_EQ(spec.discovery_url, "https://id.example.com/.well-known/openid-configuration");
  EXPECT_EQ(spec.name, "work");
  settings.scope = "profile";
  EXPECT_THAT(Problems(settings), ElementsAre(HasSubstr("scope: has no \"openid\"")));
}

TEST(ResolveProvider, AnyEndpoints) {
  auto settings = Named("work");
  EXPECT_THAT(Problems(settings), ElementsAre(": 'work' is not a known provider"));
  settings.kind = ProviderKind::kOAuth2;
  EXPECT_THAT(Problems(settings), ElementsAre("authorization_endpoint: is required", "token_endpoint: is required", "userinfo_endpoint: is required"));
  settings.authorization_endpoint = "https://id.example.com/authorize";
  settings.token_endpoint = "https://id.example.com/token";
  settings.userinfo_endpoint = "https://id.example.com/me/{token.user_id}";
  settings.profile_id = "user.id";
  const auto spec = Resolved(settings);
  EXPECT_EQ(spec.profile_requests.at(0).url, "https://id.example.com/me/{token.user_id}");
  EXPECT_EQ(spec.profile.id, "user.id");
  EXPECT_EQ(spec.profile.verification, EmailVerification::kNever);
  EXPECT_FALSE(spec.nonce);
}

TEST(ResolveProvider, KnownIssuersAreCompletedFromWhatPeopleWrite) {
  auto settings = Named("onelogin");
  for (const auto* issuer : {"https://acme.onelogin.com", "https://acme.onelogin.com/", "https://acme.onelogin.com/oidc/2"}) {
    settings.issuer = issuer;
    EXPECT_EQ(Resolved(settings).discovery_url, "https://acme.onelogin.com/oidc/2/.well-known/openid-configuration");
  }
  EXPECT_EQ(Resolved(Named("descope")).issuer, "https://api.descope.com/client");
  auto entra = Named("microsoft-entra-id");
  EXPECT_EQ(Resolved(entra).issuer, "https://login.microsoftonline.com/{tenantid}/v2.0");
  EXPECT_EQ(Resolved(entra).discovery_url, "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration");
  EXPECT_TRUE(Resolved(entra).issuer_has_tenant);
  entra.tenant = "01234567-89ab-cdef-0123-456789abcdef";
  EXPECT_EQ(Resolved(entra).issuer, "https://login.microsoftonline.com/01234567-89ab-cdef-0123-456789abcdef/v2.0");
  EXPECT_FALSE(Resolved(entra).issuer_has_tenant);
  entra.tenant = "consumers";
  EXPECT_EQ(Resolved(entra).issuer, "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
  entra.tenant = "contoso.onmicrosoft.com";
  EXPECT_THAT(Problems(entra), ElementsAre("tenant: names no tenant by its id"));
  entra.tenant = "a/../b";
  EXPECT_THAT(Problems(entra), ElementsAre(HasSubstr("tenant: must be")));
  auto fusion = Named("fusionauth");
  fusion.issuer = "https://auth.example.com";
  EXPECT_EQ(Resolved(fusion).discovery_url, "https://auth.example.com/.well-known/openid-configuration");
  fusion.tenant = "t1";
  EXPECT_EQ(Resolved(fusion).discovery_url, "https://auth.example.com/.well-known/openid-configuration?tenantId=t1");
  EXPECT_THAT(Resolved(fusion).authorization.parameters, ElementsAre(Parameter{"tenantId", "t1"}));
  EXPECT_THAT(Problems(Named("netsuite")), ElementsAre("tenant: is required", "userinfo_endpoint: is required"));
}

TEST(ResolveProvider, S34_ParametersOfTheTransactionAreNotConfigured) {
  auto settings = Named("google");
  settings.authorization_parameters = {{"prompt", "consent"}, {"state", "x"}, {"redirect_uri", "https://evil"}};
  EXPECT_THAT(Problems(settings), ElementsAre("authorization_parameters: 'state' is set by Sallyport", "authorization_parameters: 'redirect_uri' is set by Sallyport"));
  settings = Named("bankid-no");
  settings.authorization_parameters = {{"ui_locales", "en"}, {"login_hint", ""}, {"prompt", "login"}};
  EXPECT_THAT(Resolved(settings).authorization.parameters, ElementsAre(Parameter{"ui_locales", "en"}, Parameter{"prompt", "login"}));
}

TEST(ResolveProvider, HeadersAreHeaders) {
  EXPECT_THAT(Problems(Named("bungie")), ElementsAre("userinfo_headers: Bungie wants X-API-Key"));
  auto settings = Named("notion");
  settings.userinfo_headers = {{"Notion-Version", "2099-01-01"}, {"a b", "x"}, {"x", "a\r\nb"}, {"Authorization", "x"}};
  EXPECT_EQ(Problems(settings).size(), 3u);
  settings.userinfo_headers.resize(1);
  EXPECT_THAT(Resolved(settings).profile_requests.at(0).headers, ElementsAre(Parameter{"Notion-Version", "2099-01-01"}));
}

TEST(ResolveProvider, PlainHttpOnlyInOnesOwnNetwork) {
  auto settings = Named("keycloak");
  settings.issuer = "http://127.0.0.1:8080/realms/x";
  EXPECT_THAT(Problems(settings), ElementsAre(HasSubstr("issuer: is http://")));
  settings.allow_http = true;
  EXPECT_EQ(Resolved(settings).issuer, "http://127.0.0.1:8080/realms/x");
}

TEST(ResolveProvider, S33_WhatIsKnownOfOneAddressIsNotKnownOfAnother) {
  auto settings = Named("github");
  EXPECT_EQ(Resolved(settings).profile.verification, EmailVerification::kAlways);
  settings.profile_email = "email";
  EXPECT_EQ(Resolved(settings).profile.verification, EmailVerification::kNever);
  settings.profile_email_verified = "two_factor";
  EXPECT_EQ(Resolved(settings).profile.verification, EmailVerification::kFlag);
}

TEST(ResolveProvider, WrongKeysAreNamed) {
  auto settings = Named("google");
  settings.kind = ProviderKind::kOAuth2;
  EXPECT_THAT(Problems(settings), ElementsAre("kind: Google is known as \"oidc\""));
  settings = Named("google");
  settings.issuer = "https://accounts.google.com?x";
  settings.token_endpoint = "/token";
  settings.tenant = "x";
  settings.profile_id = "a..b";
  settings.profile_email_verified = "a b";
  settings.client_authentication = ClientAuthentication::kNone;
  settings.pkce = false;
  EXPECT_THAT(Problems(settings),
              ElementsAre(HasSubstr("tenant: is of no use"), HasSubstr("issuer: is not"), HasSubstr("token_endpoint: is not"), HasSubstr("pkce: "),
                          HasSubstr("profile_id: is no expression"), HasSubstr("profile_email_verified: ")));
}

TEST(CheckCredentials, WhatTheClientAuthenticationNeeds) {
  const auto keys = [](const ProviderSpec& spec, const ProviderCredentials& credentials) {
    std::vector<std::string> out;
    for (const auto& problem : CheckCredentials(spec, credentials)) out.push_back(problem.key);
    return out;
  };
  const auto google = Resolved(Named("google"));
  EXPECT_THAT(keys(google, {}), ElementsAre("client_id", "client_secret"));
  EXPECT_THAT(CheckCredentials(google, {})[1].hint, HasSubstr("AUTH_GOOGLE_SECRET"));
  ProviderCredentials credentials;
  credentials.client_id = "c";
  credentials.client_secret = Secret("s");
  EXPECT_THAT(keys(google, credentials), IsEmpty());
  const auto apple = Resolved(Named("apple"));
  EXPECT_THAT(keys(apple, credentials), ElementsAre("team_id", "key_id", "private_key"));
  credentials.team_id = credentials.key_id = "x";
  credentials.private_key = crypto::PrivateKey::Generate(crypto::KeyType::kEd25519).ToPem();
  EXPECT_THAT(keys(apple, credentials), ElementsAre("private_key"));
  credentials.private_key = crypto::PrivateKey::Generate(crypto::KeyType::kP256).ToPem();
  EXPECT_THAT(keys(apple, credentials), IsEmpty());
  auto settings = Named("google");
  settings.client_authentication = ClientAuthentication::kPrivateKeyJwt;
  credentials.private_key = Secret("x");
  EXPECT_THAT(keys(Resolved(settings), credentials), ElementsAre("private_key"));
}

TEST(EnvironmentName, IsThatOfAuthJs) {
  EXPECT_EQ(EnvironmentName("google", "ID"), "AUTH_GOOGLE_ID");
  EXPECT_EQ(EnvironmentName("microsoft-entra-id", "ISSUER"), "AUTH_MICROSOFT_ENTRA_ID_ISSUER");
  EXPECT_EQ(EnvironmentName("42-school", "SECRET"), "AUTH_42_SCHOOL_SECRET");
}

}  // namespace
}  // namespace sallyport::signin
