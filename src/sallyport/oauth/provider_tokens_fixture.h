// SPDX-License-Identifier: Apache-2.0
// For tests: a provider's keys, and tokens with any header and claims, genuinely signed.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "sallyport/base/json.h"
#include "sallyport/jose/base64url.h"
#include "sallyport/jose/jwk_set.h"
#include "sallyport/jose/jws.h"
#include "support/fake_clock.h"

namespace sallyport::oauth {

class ProviderTokensFixture : public ::testing::Test {
 protected:
  ProviderTokensFixture() {
    keys_.Add(jose::Jwk::FromPublic(key_.Public(), "k1"));
    keys_.Add(jose::Jwk::FromPublic(crypto::PrivateKey::Generate(crypto::KeyType::kP256).Public(), "k2"));
  }
  std::string Sign(const json::object& claims, std::string_view typ = "", std::string kid = "k1") const {
    auto signer = jose::JwsSigner::Create(jose::Jwk::FromPrivate(key_, std::move(kid)), jose::JwsAlgorithm::kEs256, typ);
    return *signer->Sign(json::serialize(claims));
  }
  std::int64_t now() const { return UnixSeconds(clock_.Now()); }

  test::FakeClock clock_;
  const crypto::PrivateKey key_ = crypto::PrivateKey::Generate(crypto::KeyType::kP256);
  jose::JwkSet keys_;
};

}  // namespace sallyport::oauth
