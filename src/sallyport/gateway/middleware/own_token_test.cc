// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/own_token.h"

#include <gtest/gtest.h>

#include "sallyport/store/store.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/run_task.h"

namespace sallyport::gateway {
namespace {

class OwnTokenTest : public testing::Test {
 protected:
  OwnTokenTest() { EXPECT_TRUE(test::RunTask(keys_.Load())); }
  std::string Token() {
    token::AccessTokenClaims claims;
    claims.issuer = "https://app.example.com";
    claims.audience = "api";
    claims.issued_at = clock_.Now();
    claims.expires_at = clock_.Now() + std::chrono::minutes(5);
    return keys_.Mint(claims);
  }
  bool Shows(std::initializer_list<std::string> values) {
    http::HeaderTable fields;
    for (const std::string& value : values) fields.Add({"Authorization", value, http::HeaderId::kAuthorization});
    return ShowsOurToken(fields, keys_);
  }

  test::FakeClock clock_;
  test::FakeRandom random_;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  std::vector<Secret> secrets_ = [] { std::vector<Secret> v; v.emplace_back(std::string(32, 's')); return v; }();
  crypto::DerivedKeys derived_ = *crypto::DerivedKeys::Derive(secrets_);
  AccessKeys keys_{store_->keys(), derived_, clock_, random_};
};

TEST_F(OwnTokenTest, S23_OursIsKnownInEverySpelling) {
  const std::string token = Token();
  for (const char* before : {"Bearer ", "bearer ", "BEARER\t", "Bearer   ", "DPoP ", "Token token=\"", "", "Bearer x, Bearer ", "Bearer eyJ.b.c "}) {
    EXPECT_TRUE(Shows({before + token})) << before;
    EXPECT_TRUE(Shows({before + token + "\", realm=\"x\""})) << before;
  }
  clock_.Advance(std::chrono::minutes(6));
  EXPECT_TRUE(Shows({"Bearer " + token})) << "also when it is over";
}

TEST_F(OwnTokenTest, OthersPass) {
  std::string changed = Token();
  changed[changed.size() - 10] = changed[changed.size() - 10] == 'A' ? 'B' : 'A';
  for (const std::string& value : {std::string("Bearer x"), std::string("Basic Zm9vOmJhcg=="), std::string("Digest uri=\"www.a.example www.b.example www.c.example\""), std::string("Bearer eyJ.b.c"), "Bearer " + changed,
                                   std::string("AWS4-HMAC-SHA256 Credential=A/2/x/s3/aws4_request, SignedHeaders=host;range, Signature=fe5f80"), std::string()}) {
    EXPECT_FALSE(Shows({value})) << value;
  }
  EXPECT_FALSE(Shows({}));
}

TEST_F(OwnTokenTest, WhatReadersTakeDifferentlyDoesNotPass) {
  EXPECT_TRUE(Shows({"Bearer x", "Bearer y"}));
  EXPECT_TRUE(Shows({"Bearer eyJ.b.c eyJ.e.f eyJ.h.i"}));
}

}  // namespace
}  // namespace sallyport::gateway
