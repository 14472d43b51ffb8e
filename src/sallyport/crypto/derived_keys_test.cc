// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/derived_keys.h"

#include <gtest/gtest.h>

#include <set>

#include "sallyport/base/hex.h"
#include "sallyport/crypto/errc.h"
#include "sallyport/crypto/sealed_box.h"
#include "support/fake_random.h"

namespace sallyport::crypto {
namespace {

std::vector<Secret> Secrets(std::initializer_list<char> letters) {
  std::vector<Secret> out;
  for (const char letter : letters) out.emplace_back(std::string(32, letter));
  return out;
}

TEST(DerivedKeys, S45_EveryPurposeHasALabelAndAKeyOfItsOwn) {
  const auto keys = DerivedKeys::Derive(Secrets({'a', 'b'}));
  ASSERT_TRUE(keys);
  std::set<std::string_view> labels, values;
  for (std::size_t i = 0; i < kKeyPurposes; ++i) {
    const auto purpose = static_cast<KeyPurpose>(i);
    EXPECT_FALSE(LabelOf(purpose).empty());
    EXPECT_TRUE(labels.insert(LabelOf(purpose)).second) << LabelOf(purpose);
    ASSERT_EQ(keys->All(purpose).size(), 2U);
    for (const Secret& key : keys->All(purpose)) {
      EXPECT_EQ(key.size(), DerivedKeys::kKeyBytes);
      EXPECT_NE(key.Reveal(), std::string(32, 'a')) << "the secret itself is never a key";
      EXPECT_TRUE(values.insert(key.Reveal()).second);
    }
  }
}

TEST(DerivedKeys, S45_WhatIsSealedForOnePurposeDoesNotOpenForAnother) {
  const auto keys = DerivedKeys::Derive(Secrets({'a'}));
  test::FakeRandom random;
  const auto store = SealedBox::Create(keys->All(KeyPurpose::kStore), random);
  const std::string sealed = store->Seal("token", "");
  for (std::size_t i = 0; i < kKeyPurposes; ++i) {
    const auto purpose = static_cast<KeyPurpose>(i);
    EXPECT_EQ(SealedBox::Create(keys->All(purpose), random)->Open(sealed, "").has_value(), purpose == KeyPurpose::kStore);
  }
}

TEST(DerivedKeys, OrderOfSecretsIsOrderOfKeys) {
  const auto one = DerivedKeys::Derive(Secrets({'a'}));
  const auto two = DerivedKeys::Derive(Secrets({'b', 'a'}));
  EXPECT_EQ(one->First(KeyPurpose::kStore).Reveal(), two->All(KeyPurpose::kStore)[1].Reveal());
  EXPECT_NE(one->First(KeyPurpose::kStore).Reveal(), two->First(KeyPurpose::kStore).Reveal());
}

TEST(DerivedKeys, LabelsArePartOfTheFormatAndNeverChange) {
  const auto keys = DerivedKeys::Derive(Secrets({'a'}));
  EXPECT_EQ(EncodeHex(keys->First(KeyPurpose::kStore).Reveal()), "9d63b0b814988d17f25b411b48ca678e52c197dd1385076c7143841710ef17e1");
  EXPECT_EQ(EncodeHex(keys->First(KeyPurpose::kCsrfToken).Reveal()), "bd53a9244f8b6b4b3159317b66ae3dafa4d053ddc65f8c2e8779f54c6e273676");
}

TEST(DerivedKeys, ShortMissingAndRepeatedSecretsAreRefused) {
  EXPECT_TRUE(DerivedKeys::Derive({}).error().Is(Errc::kInvalidKey));
  EXPECT_FALSE(DerivedKeys::Derive(Secrets({'a', 'a'})));
  std::vector<Secret> weak;
  weak.emplace_back(std::string(31, 'x'));
  EXPECT_FALSE(DerivedKeys::Derive(weak));
}

}  // namespace
}  // namespace sallyport::crypto
