// SPDX-License-Identifier: Apache-2.0
// Keys, thumbprints, CSRF values and a token that the real next-auth and @auth/core made from one secret.
#include <gtest/gtest.h>

#include <sstream>

#include "sallyport/base/hex.h"
#include "sallyport/jose/jwk.h"
#include "sallyport/token/next_auth_csrf.h"
#include "sallyport/token/next_auth_jwe.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "vectors.h"

namespace sallyport {
namespace {

using token::NextAuthVersion;

constexpr const char* kFile = "authjs_session_vectors.txt";
constexpr const char* kSecret = "test-secret-0123456789abcdef";

std::vector<std::string> Words(const std::string& line) {
  std::istringstream in(line);
  return {std::istream_iterator<std::string>(in), {}};
}

std::string Derive(NextAuthVersion version, std::string_view salt, std::size_t length) {
  return EncodeHex(token::DeriveNextAuthKey(version, Secret(kSecret), salt, length).Reveal());
}

class NextAuthVectors : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto text = test::ReadVectorFile(kFile);
    if (!text) GTEST_SKIP() << test::VectorPath(kFile) << " is not there (set SALLYPORT_VECTORS)";
    std::istringstream in(*text);
    for (std::string line; std::getline(in, line);) lines_.push_back(Words(line));
  }
  std::vector<std::vector<std::string>> lines_;
};

TEST_F(NextAuthVectors, KeysAndThumbprintsAgree) {
  int checked = 0;
  for (const auto& w : lines_) {
    if (w.size() == 4 && w[0] == "v4" && w[1] == "session") {
      EXPECT_EQ(Derive(NextAuthVersion::kV4, "", 32), w[3]);
    } else if (w.size() == 5 && w[0] == "v4" && w[2] == "salt") {
      EXPECT_EQ(Derive(NextAuthVersion::kV4, w[3], 32), w[4]);
    } else if (w.size() == 7 && w[0] == "v5" && w[2] == "salt") {
      EXPECT_EQ(Derive(NextAuthVersion::kV5, w[3], 64), w[4]);
      EXPECT_EQ(jose::Jwk::FromSymmetric(Secret(*DecodeHex(w[4]))).Thumbprint(jose::ThumbprintHash::kSha512), w[6]);
    } else if (w.size() == 5 && w[0] == "v5" && w[1] == "A256GCM-compat") {
      EXPECT_EQ(Derive(NextAuthVersion::kV5, "authjs.session-token", 32), w[4]);
    } else {
      continue;
    }
    ++checked;
  }
  EXPECT_EQ(checked, 8);
}

TEST_F(NextAuthVectors, CsrfValuesAgree) {
  std::vector<Secret> secrets;
  secrets.emplace_back(kSecret);
  int checked = 0;
  for (const auto& w : lines_) {
    if (w.size() != 2 || w[0] != "csrf") continue;
    EXPECT_TRUE(token::NextAuthCsrf(secrets).Verify(w[1]));
    ++checked;
  }
  EXPECT_EQ(checked, 1);
}

TEST_F(NextAuthVectors, TokenOpens) {
  std::vector<Secret> secrets;
  secrets.emplace_back(kSecret);
  test::FakeClock clock;
  test::FakeRandom random;
  const auto codec = token::NextAuthCodec::Create(NextAuthVersion::kV5, secrets, "authjs.session-token", clock, random);
  int checked = 0;
  for (const auto& w : lines_) {
    if (w.size() != 3 || w[0] != "v5" || w[1] != "token") continue;
    const auto claims = codec->Open(w[2]);
    ASSERT_TRUE(claims) << claims.error().ToLogString();
    EXPECT_EQ(GetString(*claims, "jti"), "00f355f3-febb-426e-bb99-6c834c23053f");
    EXPECT_EQ(GetInteger(*claims, "exp"), 4948847943);
    ++checked;
  }
  EXPECT_EQ(checked, 1);
}

}  // namespace
}  // namespace sallyport
