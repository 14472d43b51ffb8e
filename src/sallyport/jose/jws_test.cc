// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jws.h"

#include <gtest/gtest.h>

#include "sallyport/jose/base64url.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

using enum JwsAlgorithm;

const std::string kHmacKey(32, 'h');

class Jws : public ::testing::Test {
 protected:
  Jws() {
    keys_.Add(Jwk::FromPrivate(ec_, "ec"));
    keys_.Add(Jwk::FromSymmetric(Secret(kHmacKey), "mac"));
  }
  // A token with any header at all, its MAC genuine.
  static std::string Macced(std::string_view header, std::string_view payload = "{}") {
    const std::string input = EncodeBase64Url(header) + "." + EncodeBase64Url(payload);
    return input + "." + EncodeBase64Url(crypto::AsView(crypto::HmacSha256(kHmacKey).Mac(input)));
  }
  Result<VerifiedJws> Verify(std::string_view token, std::vector<JwsAlgorithm> allowed = {kEs256, kHs256}) const {
    return JwsVerifier(keys_, std::move(allowed)).Verify(token);
  }
  static bool Is(const Result<VerifiedJws>& result, Errc code) { return !result && result.error().Is(code); }

  const crypto::PrivateKey ec_ = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  JwkSet keys_;
};

TEST_F(Jws, SignedTokenVerifies) {
  const auto signer = JwsSigner::Create(Jwk::FromPrivate(ec_, "ec"), kEs256, "at+jwt");
  const auto token = signer->Sign(R"({"a":1})");
  const auto verified = Verify(*token);
  ASSERT_TRUE(verified) << verified.error().ToLogString();
  EXPECT_EQ(verified->payload, R"({"a":1})");
  EXPECT_EQ(verified->header.kid, "ec");
  EXPECT_EQ(verified->header.typ, "at+jwt");
  EXPECT_EQ(DecodeBase64Url(token->substr(0, token->find('.'))), R"({"alg":"ES256","kid":"ec","typ":"at+jwt"})");
}

TEST_F(Jws, S40_AlgorithmMustBeInTheAllowList) {
  const std::string token = Macced(R"({"alg":"HS256","kid":"mac"})");
  EXPECT_TRUE(Verify(token, {kHs256}));
  EXPECT_TRUE(Is(Verify(token, {kEs256}), Errc::kAlgorithmNotAllowed));
  EXPECT_TRUE(Is(Verify(token, {}), Errc::kAlgorithmNotAllowed));
}

TEST_F(Jws, S40_ThereIsNoNoneInAnySpelling) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", "", "HS256 ", "hs256"}) {
    const std::string header = EncodeBase64Url(std::string(R"({"alg":")") + alg + R"("})");
    EXPECT_TRUE(Is(Verify(header + ".e30."), Errc::kAlgorithmNotAllowed)) << alg;
  }
  EXPECT_FALSE(Verify(EncodeBase64Url("{}") + ".e30."));
  EXPECT_FALSE(Verify(EncodeBase64Url(R"({"alg":null})") + ".e30."));
  EXPECT_FALSE(Verify(EncodeBase64Url(R"({"alg":["HS256"]})") + ".e30."));
}

TEST_F(Jws, S40_PublicKeyNeverServesAsMacKey) {
  for (const std::string& secret : {ec_.Public().ToPem(), ec_.Public().Parts().x}) {
    const std::string input = EncodeBase64Url(R"({"alg":"HS256","kid":"ec"})") + ".e30";
    const std::string token = input + "." + EncodeBase64Url(crypto::AsView(crypto::HmacSha256(secret).Mac(input)));
    EXPECT_TRUE(Is(Verify(token), Errc::kKeyUnsuitable));
  }
}

TEST_F(Jws, S40_KeysOwnAlgUseAndOpsAreObeyed) {
  for (const char* members : {R"("alg":"HS512")", R"("use":"enc")", R"("key_ops":["sign"])", R"("alg":"A256GCM")"}) {
    JwkSet keys;
    keys.Add(*Jwk::Parse(*ParseJsonObject(R"({"kty":"oct","kid":"mac","k":")" + EncodeBase64Url(kHmacKey) + R"(",)" + members + "}")));
    EXPECT_TRUE(Is(JwsVerifier(keys, {kHs256}).Verify(Macced(R"({"alg":"HS256","kid":"mac"})")), Errc::kKeyUnsuitable)) << members;
  }
}

TEST_F(Jws, S40_EmbeddedAndRemoteKeysAreRefused) {
  for (const char* member : {R"("jwk":{"kty":"oct","k":"AAAA"})", R"("jku":"https://evil.example/jwks")", R"("x5u":"https://evil.example/c")",
                             R"("x5c":["MII"])", R"("b64":false)", R"("zip":"DEF")"})
    EXPECT_TRUE(Is(Verify(Macced(std::string(R"({"alg":"HS256","kid":"mac",)") + member + "}")), Errc::kUnsafeHeader)) << member;
}

TEST_F(Jws, S40_UnknownCritIsRefused) {
  for (const char* crit : {R"(["exp"])", "[]", R"("exp")", "null", R"(["b64"])", R"(["alg"])"})
    EXPECT_TRUE(Is(Verify(Macced(std::string(R"({"alg":"HS256","kid":"mac","crit":)") + crit + "}")), Errc::kUnknownCritical)) << crit;
}

TEST_F(Jws, S40_DuplicateHeaderMembersAreRefused) {
  EXPECT_TRUE(Is(Verify(Macced(R"({"alg":"none","alg":"HS256","kid":"mac"})")), Errc::kMalformed));
  EXPECT_TRUE(Is(Verify(Macced(R"({"alg":"HS256","kid":"mac","kid":"mac"})")), Errc::kMalformed));
}

TEST_F(Jws, KidChoosesTheKeyAndAnUnknownOneFindsNone) {
  EXPECT_TRUE(Verify(Macced(R"({"alg":"HS256"})"))) << "without a kid every suitable key is tried";
  EXPECT_TRUE(Is(Verify(Macced(R"({"alg":"HS256","kid":"other"})")), Errc::kKeyNotFound));
  EXPECT_TRUE(Is(Verify(Macced(R"({"alg":"HS256","kid":"ec"})")), Errc::kKeyUnsuitable));
  EXPECT_TRUE(Is(Verify(Macced(R"({"alg":"HS256","kid":["mac"]})")), Errc::kMalformed));
}

TEST_F(Jws, AnyAlterationBreaksTheSignature) {
  const std::string token = *JwsSigner::Create(Jwk::FromPrivate(ec_, "ec"), kEs256)->Sign("{}");
  const auto dot = token.rfind('.');
  EXPECT_TRUE(Is(Verify(token.substr(0, dot + 1)), Errc::kBadSignature));
  EXPECT_TRUE(Is(Verify(token.substr(0, dot - 3) + "e38" + token.substr(dot)), Errc::kBadSignature));
  EXPECT_TRUE(Is(Verify(token.substr(0, dot)), Errc::kMalformed));
  for (const std::string& bad : {token + ".", token + "=", " " + token, token + "\n", std::string("..")}) EXPECT_FALSE(Verify(bad)) << bad;
}

TEST_F(Jws, SizeIsBounded) {
  const std::string large(kMaxJwsBytes, 'A');
  EXPECT_TRUE(Is(Verify("e30." + large + ".e30"), Errc::kTooLarge));
  EXPECT_TRUE(Is(Verify(std::string(kMaxJwsBytes - 10, 'A') + ".e30.e30"), Errc::kTooLarge)) << "header";
}

TEST_F(Jws, SignerRefusesKeysThatDoNotFit) {
  EXPECT_TRUE(JwsSigner::Create(Jwk::FromPublic(ec_.Public(), "p"), kEs256).error().Is(Errc::kKeyUnsuitable)) << "no private half";
  EXPECT_TRUE(JwsSigner::Create(Jwk::FromPrivate(ec_, "p"), kRs256).error().Is(Errc::kKeyUnsuitable));
  EXPECT_TRUE(JwsSigner::Create(Jwk::FromSymmetric(Secret(std::string(31, 'k'))), kHs256).error().Is(Errc::kKeyUnsuitable)) << "short MAC key";
  EXPECT_TRUE(JwsSigner::Create(Jwk::FromPrivate(ec_, "p", "ES384"), kEs256).error().Is(Errc::kKeyUnsuitable));
}

TEST_F(Jws, UnverifiedParseBelievesNothingButReads) {
  const auto parsed = ParseUnverifiedJws(EncodeBase64Url(R"({"alg":"ES256","kid":"x"})") + "." + EncodeBase64Url("{}") + ".AAAA");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->header.kid, "x");
  EXPECT_EQ(parsed->payload, "{}");
}

TEST(JwsAlgorithmName, EveryNameLeadsBack) {
  for (int i = 0; i <= static_cast<int>(kEdDsa); ++i) EXPECT_EQ(JwsAlgorithmFromName(NameOf(static_cast<JwsAlgorithm>(i))), static_cast<JwsAlgorithm>(i));
}

}  // namespace
}  // namespace sallyport::jose
