// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/access_keys.h"

#include <gtest/gtest.h>

#include <set>

#include "sallyport/jose/errc.h"
#include "sallyport/store/store.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"
#include "support/run_task.h"

namespace sallyport::gateway {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

crypto::DerivedKeys Derive(std::initializer_list<const char*> texts) {
  std::vector<Secret> secrets;
  for (const char* text : texts) secrets.emplace_back(std::string(text));
  return *crypto::DerivedKeys::Derive(secrets);
}

// As if the process died between the two steps of a rotation.
class NoRetirement final : public store::KeyStore {
 public:
  explicit NoRetirement(store::KeyStore& inner) : inner_(inner) {}
  bool broken = true;
  Task<std::vector<store::SigningKeyRecord>> List() override { return inner_.List(); }
  Task<void> Insert(store::SigningKeyRecord key, bool only_if_none) override { return inner_.Insert(std::move(key), only_if_none); }
  Task<void> Retire(std::string kid, Timestamp at) override {
    if (broken) co_return Fail(store::Errc::kUnavailable);
    co_return co_await inner_.Retire(std::move(kid), at);
  }
  Task<void> Delete(std::string kid) override { return inner_.Delete(std::move(kid)); }

 private:
  store::KeyStore& inner_;
};

class AccessKeysTest : public testing::Test {
 protected:
  AccessKeys Make() { return AccessKeys(store->keys(), derived, clock, random); }
  token::AccessTokenClaims Claims() const {
    token::AccessTokenClaims claims;
    claims.issuer = "https://app.example.com";
    claims.audience = "api";
    claims.subject = "user";
    claims.issued_at = clock.Now();
    claims.expires_at = clock.Now() + minutes(5);
    return claims;
  }
  static std::string KidOf(const std::string& token) { return jose::ParseUnverifiedJws(token)->header.kid; }
  static std::set<std::string> Published(const AccessKeys& keys) {
    std::set<std::string> kids;
    const auto document = *ParseJsonObject(keys.jwks_json());
    for (const auto& key : document.at("keys").as_array()) {
      EXPECT_FALSE(key.as_object().contains("d"));
      EXPECT_EQ(key.at("alg"), "ES256");
      EXPECT_EQ(key.at("use"), "sig");
      kids.emplace(key.at("kid").as_string());
    }
    return kids;
  }

  test::FakeClock clock;
  test::FakeRandom random;
  std::unique_ptr<store::Store> store = store::MakeMemoryStore();
  crypto::DerivedKeys derived = Derive({"a secret of at least thirty-two bytes"});
};

TEST_F(AccessKeysTest, TheFirstKeyIsMadeOnceAndKeptSealed) {
  AccessKeys one = Make(), other = Make();
  ASSERT_TRUE(test::RunTask(one.Load()));
  ASSERT_TRUE(test::RunTask(other.Load()));
  EXPECT_EQ(one.jwks_json(), other.jwks_json());
  const auto records = test::RunTask(store->keys().List());
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->front().sealed_private_key.find("PRIVATE"), std::string::npos);
  EXPECT_EQ(Published(one), std::set<std::string>{records->front().kid});
}

TEST_F(AccessKeysTest, WhatOneNodeMintsAnotherVerifies) {
  AccessKeys one = Make(), other = Make();
  ASSERT_TRUE(test::RunTask(one.Load()));
  ASSERT_TRUE(test::RunTask(other.Load()));
  const auto verified = other.Verify(one.Mint(Claims()));
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->header.typ, "at+jwt");
  const auto claims = *ParseJsonObject(verified->payload);
  EXPECT_EQ(claims.at("sub"), "user");
}

TEST_F(AccessKeysTest, S40_ForeignAndChangedTokensAreRefused) {
  AccessKeys keys = Make();
  ASSERT_TRUE(test::RunTask(keys.Load()));
  std::string token = keys.Mint(Claims());
  EXPECT_FALSE(keys.Verify("a.b.c"));
  EXPECT_FALSE(keys.Verify(""));
  token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(keys.Verify(token));
}

TEST_F(AccessKeysTest, S42_ARotatedKeyIsPublishedBeforeItSigns) {
  AccessKeys keys = Make();
  ASSERT_TRUE(test::RunTask(keys.Load()));
  const std::string old_kid = KidOf(keys.Mint(Claims()));
  const auto generation = keys.generation();
  const auto kid = test::RunTask(keys.Rotate());
  ASSERT_TRUE(kid);
  EXPECT_EQ(Published(keys), (std::set<std::string>{old_kid, *kid}));
  clock.Advance(AccessKeys::kPublishLead - Duration(1));
  ASSERT_TRUE(test::RunTask(keys.Refresh()));
  EXPECT_EQ(KidOf(keys.Mint(Claims())), old_kid);
  EXPECT_EQ(keys.generation(), generation);
  clock.Advance(Duration(1));
  ASSERT_TRUE(test::RunTask(keys.Refresh()));
  EXPECT_EQ(KidOf(keys.Mint(Claims())), *kid);
  EXPECT_EQ(keys.generation(), generation + 1);
}

TEST_F(AccessKeysTest, S42_TheOldKeyStaysPublishedUntilItsLastTokenHasExpired) {
  AccessKeys keys = Make();
  ASSERT_TRUE(test::RunTask(keys.Load()));
  const auto kid = *test::RunTask(keys.Rotate());
  clock.Advance(AccessKeys::kPublishLead - Duration(1));
  const std::string last = keys.Mint(Claims());
  clock.Advance(AccessKeys::kMaxTokenLife);
  ASSERT_TRUE(test::RunTask(keys.Refresh()));
  EXPECT_TRUE(keys.Verify(last));
  EXPECT_EQ(Published(keys).size(), 2u);
  clock.Advance(AccessKeys::kMargin + Duration(1));
  ASSERT_TRUE(test::RunTask(keys.Refresh()));
  EXPECT_EQ(Published(keys), std::set<std::string>{kid});
  EXPECT_FALSE(keys.Verify(last));
  EXPECT_EQ(test::RunTask(store->keys().List())->size(), 1u);
}

TEST_F(AccessKeysTest, ASecondRotationWhileOneWaitsIsTheSame) {
  AccessKeys keys = Make();
  ASSERT_TRUE(test::RunTask(keys.Load()));
  const auto first = *test::RunTask(keys.Rotate());
  EXPECT_EQ(*test::RunTask(keys.Rotate()), first);
  clock.Advance(AccessKeys::kPublishLead);
  EXPECT_NE(*test::RunTask(keys.Rotate()), first);
}

TEST_F(AccessKeysTest, ARotationThatWasCutOffIsFinishedByTheNextRefresh) {
  NoRetirement cut_off(store->keys());
  AccessKeys keys(cut_off, derived, clock, random);
  ASSERT_TRUE(test::RunTask(keys.Load()));
  const std::string old_kid = KidOf(keys.Mint(Claims()));
  EXPECT_FALSE(test::RunTask(keys.Rotate()));
  cut_off.broken = false;
  ASSERT_TRUE(test::RunTask(keys.Refresh()));
  const auto records = *test::RunTask(store->keys().List());
  ASSERT_EQ(records.size(), 2u);
  for (const auto& record : records) EXPECT_EQ(record.retired_at.has_value(), record.kid == old_kid);
}

TEST_F(AccessKeysTest, AKeyOfALostSecretIsReplaced) {
  AccessKeys before = Make();
  ASSERT_TRUE(test::RunTask(before.Load()));
  const std::string token = before.Mint(Claims());
  const auto other_secret = Derive({"another secret of at least thirty-two bytes"});
  AccessKeys after(store->keys(), other_secret, clock, random);
  ASSERT_TRUE(test::RunTask(after.Load()));
  EXPECT_FALSE(after.Verify(token));
  EXPECT_TRUE(after.Verify(after.Mint(Claims())));
}

TEST_F(AccessKeysTest, S45_AnOlderSecretStillOpensTheKey) {
  AccessKeys before = Make();
  ASSERT_TRUE(test::RunTask(before.Load()));
  const auto rotated = Derive({"another secret of at least thirty-two bytes", "a secret of at least thirty-two bytes"});
  AccessKeys after(store->keys(), rotated, clock, random);
  ASSERT_TRUE(test::RunTask(after.Load()));
  EXPECT_EQ(after.jwks_json(), before.jwks_json());
}

TEST_F(AccessKeysTest, S60_UseBeforeLoadingThrows) {
  const AccessKeys keys = Make();
  EXPECT_THROW(keys.Mint(Claims()), std::logic_error);
  EXPECT_THROW(keys.jwks_json(), std::logic_error);
}

}  // namespace
}  // namespace sallyport::gateway
