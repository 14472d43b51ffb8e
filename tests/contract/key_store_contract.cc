// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

class KeyStoreContract : public StoreContract {
 protected:
  static SigningKeyRecord KeyNamed(const std::string& kid, std::int64_t created) {
    return {kid, "ES256", std::string("\0sealed", 7), R"({"kty":"EC"})", At(created), At(created + 60), std::nullopt};
  }
  KeyStore& keys() { return store_->keys(); }
};
SALLYPORT_EVERY_BACKEND(KeyStoreContract);

TEST_P(KeyStoreContract, ListsOldestFirstWithEveryMember) {
  Must(keys().Insert(KeyNamed("a", 20), false));
  Must(keys().Insert(KeyNamed("b", 10), false));
  EXPECT_THAT(Must(keys().List()), testing::ElementsAre(KeyNamed("b", 10), KeyNamed("a", 20)));
}

TEST_P(KeyStoreContract, S42_OfTwoNodesThatStartAtOnceOneMakesTheKey) {
  Must(keys().Insert(KeyNamed("a", 0), true));
  EXPECT_EQ(CodeOf(keys().Insert(KeyNamed("b", 0), true)), "conflict");
  Must(keys().Retire("a", At(5)));
  EXPECT_EQ(CodeOf(keys().Insert(KeyNamed("b", 0), true)), "ok");
}

TEST_P(KeyStoreContract, RetiresOnceAndDeletes) {
  Must(keys().Insert(KeyNamed("a", 0), false));
  EXPECT_EQ(CodeOf(keys().Insert(KeyNamed("a", 0), false)), "conflict");
  EXPECT_EQ(CodeOf(keys().Insert(KeyNamed("", 0), false)), "conflict");
  Must(keys().Retire("a", At(5)));
  Must(keys().Retire("a", At(9)));
  EXPECT_EQ(Must(keys().List())[0].retired_at, At(5));
  Must(keys().Delete("a"));
  EXPECT_TRUE(Must(keys().List()).empty());
  EXPECT_EQ(CodeOf(keys().Delete("a")), "not_found");
  EXPECT_EQ(CodeOf(keys().Retire("a", At(5))), "not_found");
}

}  // namespace
}  // namespace sallyport::store
