// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/system_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace sallyport::crypto {
namespace {

TEST(SystemRandom, S1_ValuesDoNotRepeat) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random.Hex(16)).second);
}

TEST(SystemRandom, WholeBufferIsFilled) {
  SystemRandom random;
  std::vector<std::uint8_t> bytes(4096);
  random.Fill(bytes);
  EXPECT_LT(std::count(bytes.begin() + 3000, bytes.end(), 0), 100);
  random.Fill({});
}

}  // namespace
}  // namespace sallyport::crypto
