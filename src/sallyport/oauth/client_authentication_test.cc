// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/client_authentication.h"

#include <gtest/gtest.h>

#include "sallyport/jose/base64.h"
#include "sallyport/jose/verified_jwt.h"
#include "sallyport/oauth/errc.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::oauth {
namespace {

class ClientAuthentication : public ::testing::Test {
 protected:
  ClientAuthentication() {
    client_.client_id = "my app";
    client_.secret = Secret("p:w+ä");
  }
  Result<void> Add(ClientAuthMethod method) {
    return AddClientAuthentication(method, client_, "https://op.example/token", clock_.Now(), random_, request_);
  }
  std::string Field(std::string_view name) const {
    for (const auto& parameter : request_.form)
      if (parameter.name == name) return parameter.value;
    return {};
  }
  test::FakeClock clock_;
  test::FakeRandom random_;
  ClientIdentity client_;
  ClientRequest request_;
};

TEST_F(ClientAuthentication, BasicEncodesBothPartsFirst) {
  ASSERT_TRUE(Add(ClientAuthMethod::kSecretBasic));
  ASSERT_EQ(request_.headers.size(), 1u);
  EXPECT_EQ(request_.headers[0].second, "Basic " + jose::EncodeBase64("my+app:p%3Aw%2B%C3%A4"));
  EXPECT_TRUE(request_.form.empty());
}

TEST_F(ClientAuthentication, PostPutsBothInTheForm) {
  ASSERT_TRUE(Add(ClientAuthMethod::kSecretPost));
  EXPECT_EQ(Field("client_id"), "my app");
  EXPECT_EQ(Field("client_secret"), "p:w+ä");
}

TEST_F(ClientAuthentication, PostKnowsOtherNamesForTheTwo) {
  client_.id_parameter = "client_key";
  client_.secret_parameter = "pass";
  ASSERT_TRUE(Add(ClientAuthMethod::kSecretPost));
  EXPECT_EQ(EncodeForm(request_.form), "client_key=my+app&pass=p%3Aw%2B%C3%A4");
}

TEST_F(ClientAuthentication, NoneNamesTheClientOnly) {
  client_.secret = Secret();
  ASSERT_TRUE(Add(ClientAuthMethod::kNone));
  EXPECT_EQ(Field("client_id"), "my app");
  EXPECT_EQ(request_.form.size(), 1u);
}

TEST_F(ClientAuthentication, PrivateKeyJwtSignsAShortAssertionForTheEndpoint) {
  const auto key = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  client_.key = std::make_shared<const jose::Jwk>(jose::Jwk::FromPrivate(key, "k1"));
  ASSERT_TRUE(Add(ClientAuthMethod::kPrivateKeyJwt));
  EXPECT_EQ(Field("client_assertion_type"), "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  EXPECT_EQ(Field("client_secret"), "");
  jose::JwkSet keys;
  keys.Add(jose::Jwk::FromPublic(key.Public(), "k1"));
  const jose::JwtVerifier verifier(keys, {jose::JwsAlgorithm::kEs256}, "JWT",
                                   jose::JwtClaimsPolicy("my app", "https://op.example/token").RequireSubject(), clock_);
  const auto verified = verifier.Verify(Field("client_assertion"));
  ASSERT_TRUE(verified) << verified.error().ToLogString();
  EXPECT_EQ(verified->subject(), "my app");
  EXPECT_EQ(GetInteger(verified->claims(), "exp"), UnixSeconds(clock_.Now()) + 60);
  EXPECT_EQ(GetString(verified->claims(), "jti")->size(), 43u);
}

TEST_F(ClientAuthentication, S60_WithoutTheProofNothingIsSent) {
  client_.secret = Secret();
  for (const auto method : {ClientAuthMethod::kSecretBasic, ClientAuthMethod::kSecretPost, ClientAuthMethod::kPrivateKeyJwt}) {
    const auto added = Add(method);
    ASSERT_FALSE(added) << NameOf(method);
    EXPECT_TRUE(added.error().Is(Errc::kInvalidClientSetup));
  }
  EXPECT_TRUE(request_.form.empty() && request_.headers.empty());
}

TEST_F(ClientAuthentication, NamesAreThoseOfTheRegistry) {
  for (const auto method : {ClientAuthMethod::kSecretBasic, ClientAuthMethod::kSecretPost, ClientAuthMethod::kPrivateKeyJwt, ClientAuthMethod::kNone})
    EXPECT_EQ(ClientAuthMethodFromName(NameOf(method)), method);
  EXPECT_FALSE(ClientAuthMethodFromName("client_secret_jwt"));
}

}  // namespace
}  // namespace sallyport::oauth
