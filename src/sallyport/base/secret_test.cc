// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/secret.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ostream>

namespace sallyport {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!std::is_convertible_v<Secret, std::string> && !std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!Streamable<Secret> && !fmt::is_formattable<Secret>::value, "S62: a Secret cannot be printed");

TEST(Secret, MovingLeavesNothingBehind) {
  for (const std::string value : {"short", "long enough to live on the heap, not inside the object"}) {
    Secret from{value};
    const Secret to = std::move(from);
    EXPECT_EQ(to.Reveal(), value);
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): that is the point
  }
}

TEST(Secret, CloneIsIndependent) {
  Secret a{"value"};
  const Secret b = a.Clone();
  a = Secret{};
  EXPECT_EQ(b.Reveal(), "value");
  EXPECT_EQ(b.size(), 5U);
}

TEST(Secret, S62_MemoryIsOverwritten) {
  char buffer[] = "secret";
  WipeMemory(buffer, sizeof buffer - 1);
  EXPECT_EQ(std::string(buffer, sizeof buffer - 1), std::string(sizeof buffer - 1, '\0'));
  WipeMemory(nullptr, 0);
}

}  // namespace
}  // namespace sallyport
