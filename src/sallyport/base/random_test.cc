// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/random.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_random.h"

namespace sallyport {
namespace {

class Constant final : public Random {
 public:
  explicit Constant(std::uint8_t byte) : byte_(byte) {}
  void Fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = byte_;
  }

 private:
  std::uint8_t byte_;
};

TEST(Random, HexHasTwoDigitsAByte) {
  EXPECT_EQ(Constant(0xA5).Hex(3), "a5a5a5");
  EXPECT_EQ(Constant(0).Hex(0), "");
}

TEST(Random, UuidHasVersionAndVariantWhateverTheBytes) {
  EXPECT_EQ(Constant(0x00).UuidV4(), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(Constant(0xFF).UuidV4(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  EXPECT_THAT(test::FakeRandom().UuidV4(),
              ::testing::MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

TEST(FakeRandom, IsReproducibleAndDoesNotRepeat) {
  test::FakeRandom a(7), b(7);
  const std::string first = a.Hex(16);
  EXPECT_EQ(first, b.Hex(16));
  EXPECT_NE(first, a.Hex(16));
}

}  // namespace
}  // namespace sallyport
