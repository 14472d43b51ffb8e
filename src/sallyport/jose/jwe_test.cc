// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwe.h"

#include <gtest/gtest.h>

#include "sallyport/jose/base64url.h"
#include "sallyport/jose/errc.h"
#include "support/fake_random.h"

namespace sallyport::jose {
namespace {

using enum JweEncryption;
constexpr JweEncryption kAll[] = {kA128Gcm, kA256Gcm, kA128CbcHs256, kA256CbcHs512};

JweKey Key(JweEncryption encryption, char fill = 'k', std::string kid = {}) {
  return *JweKey::Create(encryption, std::string(KeyBytes(encryption), fill), std::move(kid));
}
template <class... Keys>
JweOpener Opener(Keys... keys) {
  std::vector<JweKey> list;
  (list.push_back(std::move(keys)), ...);
  return JweOpener(std::move(list));
}
bool Is(const Result<std::string>& result, Errc code) { return !result && result.error().Is(code); }

// Seals under any header at all, genuinely.
std::string Sealed(std::string_view header, std::string_view plaintext = "{}") {
  const std::string segment = EncodeBase64Url(header), nonce(12, 'n');
  const auto out = crypto::AesGcm::Create(std::string(32, 'k'))->Encrypt(nonce, plaintext, segment);
  return segment + ".." + EncodeBase64Url(nonce) + "." + EncodeBase64Url(out.ciphertext) + "." + EncodeBase64Url(out.tag);
}

TEST(Jwe, EveryEncryptionRoundTrips) {
  test::FakeRandom random;
  for (const JweEncryption encryption : kAll) {
    for (const std::string text : {"", "x", "a session of ordinary size, or nearly so"}) {
      const std::string token = Key(encryption).Seal(text, random);
      EXPECT_EQ(Opener(Key(encryption)).Open(token), text) << NameOf(encryption);
      EXPECT_NE(Key(encryption).Seal(text, random), token) << "a new nonce each time";
    }
    EXPECT_EQ(JweEncryptionFromName(NameOf(encryption)), encryption);
  }
}

TEST(Jwe, HeaderIsThatOfNextAuth) {
  test::FakeRandom random;
  EXPECT_TRUE(Key(kA256Gcm).Seal("", random).starts_with(EncodeBase64Url(R"({"alg":"dir","enc":"A256GCM"})") + ".."));
  const auto header = ParseJweHeader(Key(kA256CbcHs512, 'k', "id").Seal("", random));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->kid, "id");
  EXPECT_EQ(header->encryption, kA256CbcHs512);
}

TEST(Jwe, HeadersOfOthersAreReadWhateverTheirOrder) {
  EXPECT_EQ(Opener(Key(kA256Gcm)).Open(Sealed(R"({ "enc":"A256GCM", "typ":"JWT", "alg":"dir" })")), "{}");
}

TEST(Jwe, KidChoosesTheKeyElseAllOfThatEncAreTried) {
  test::FakeRandom random;
  const JweOpener opener = Opener(Key(kA256Gcm, 'a', "a"), Key(kA256Gcm, 'b', "b"));
  EXPECT_EQ(opener.Open(Key(kA256Gcm, 'b', "b").Seal("x", random)), "x");
  EXPECT_EQ(opener.Open(Key(kA256Gcm, 'b').Seal("x", random)), "x") << "no kid";
  EXPECT_EQ(opener.Open(Key(kA256Gcm, 'b', "renamed").Seal("x", random)), "x") << "unknown kid";
  EXPECT_TRUE(Is(opener.Open(Key(kA256Gcm, 'b', "a").Seal("x", random)), Errc::kDecryptionFailed)) << "another key's kid";
  EXPECT_TRUE(Is(opener.Open(Key(kA256Gcm, 'c').Seal("x", random)), Errc::kDecryptionFailed));
}

TEST(Jwe, S40_KeyOfOneEncNeverOpensAnother) {
  test::FakeRandom random;
  // A256GCM and A128CBC-HS256 both take 32 bytes: same key material, other use.
  EXPECT_TRUE(Is(Opener(Key(kA128CbcHs256)).Open(Key(kA256Gcm).Seal("x", random)), Errc::kDecryptionFailed));
}

TEST(Jwe, S40_OnlyAeadAndOnlyDir) {
  const JweOpener opener = Opener(Key(kA256Gcm));
  for (const char* header : {R"({"alg":"RSA1_5","enc":"A256GCM"})", R"({"alg":"A256KW","enc":"A256GCM"})", R"({"alg":"PBES2-HS256+A128KW","enc":"A256GCM"})",
                             R"({"alg":"none","enc":"A256GCM"})", R"({"alg":"dir","enc":"A256CBC"})", R"({"alg":"dir","enc":"none"})", R"({"alg":"dir"})",
                             R"({"enc":"A256GCM"})"})
    EXPECT_TRUE(Is(opener.Open(Sealed(header)), Errc::kAlgorithmNotAllowed)) << header;
}

TEST(Jwe, S40_CritZipAndDuplicatesAreRefused) {
  const JweOpener opener = Opener(Key(kA256Gcm));
  EXPECT_TRUE(Is(opener.Open(Sealed(R"({"alg":"dir","enc":"A256GCM","crit":["x"]})")), Errc::kUnknownCritical));
  EXPECT_TRUE(Is(opener.Open(Sealed(R"({"alg":"dir","enc":"A256GCM","zip":"DEF"})")), Errc::kUnsafeHeader));
  EXPECT_TRUE(Is(opener.Open(Sealed(R"({"alg":"dir","alg":"dir","enc":"A256GCM"})")), Errc::kMalformed));
  EXPECT_TRUE(Is(opener.Open(Sealed(R"({"alg":"dir","enc":"A256GCM","kid":1})")), Errc::kMalformed));
}

TEST(Jwe, EveryCharacterIsProtected) {
  test::FakeRandom random;
  const JweOpener opener = Opener(Key(kA256CbcHs512));
  const std::string token = Key(kA256CbcHs512).Seal("some claims", random);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string bad = token;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(opener.Open(bad)) << i;
    EXPECT_FALSE(opener.Open(std::string_view(token).substr(0, i))) << i;
  }
  EXPECT_FALSE(opener.Open(token + "."));
  EXPECT_FALSE(opener.Open(token + "="));
}

TEST(Jwe, EncryptedKeySegmentMustBeEmpty) {
  std::string token = Sealed(R"({"alg":"dir","enc":"A256GCM"})");
  token.insert(token.find("..") + 1, "AAAA");
  EXPECT_TRUE(Is(Opener(Key(kA256Gcm)).Open(token), Errc::kMalformed));
}

TEST(Jwe, SizeAndKeyLengthAreBounded) {
  EXPECT_TRUE(Is(Opener(Key(kA256Gcm)).Open(std::string(kMaxJweBytes + 1, 'A')), Errc::kTooLarge));
  for (const JweEncryption encryption : kAll)
    EXPECT_TRUE(JweKey::Create(encryption, std::string(KeyBytes(encryption) - 1, 'k')).error().Is(Errc::kInvalidKey));
}

}  // namespace
}  // namespace sallyport::jose
