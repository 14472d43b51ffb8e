// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace sallyport::test_layer {
enum class Errc { kFirst = 1, kSecond };
const char* NameOf(Errc code) { return code == Errc::kFirst ? "kFirst" : "kSecond"; }
}  // namespace sallyport::test_layer
SALLYPORT_ERRC(sallyport::test_layer, "test_layer")

namespace sallyport {
namespace {

using test_layer::Errc;

Result<std::unique_ptr<int>> Make(bool good) {
  if (!good) return Fail(Errc::kSecond, "for logs");
  return std::make_unique<int>(7);
}
Result<void> Check(bool good) {
  SALLYPORT_TRY(auto made, Make(good));
  static_cast<void>(made);
  return {};
}
Result<int> Use(bool good) {
  SALLYPORT_CHECK(Check(good));
  SALLYPORT_TRY(auto made, Make(good));
  return *made;
}

TEST(Result, ValuesPassThroughTryEvenWhenMoveOnly) { EXPECT_EQ(Use(true), 7); }

TEST(Result, ErrorsPassThroughWithCodeAndDetail) {
  const auto result = Use(false);
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().Is(Errc::kSecond));
  EXPECT_FALSE(result.error().Is(Errc::kFirst));
  EXPECT_EQ(result.error().ToLogString(), "test_layer.kSecond: for logs");
}

}  // namespace
}  // namespace sallyport
