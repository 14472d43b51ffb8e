// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/upstream_health.h"

#include <gtest/gtest.h>

#include <set>

namespace sallyport::net {
namespace {

UpstreamOptions Options(std::size_t addresses, Duration out_for) {
  UpstreamOptions options;
  for (std::size_t i = 0; i < addresses; ++i) options.addresses.push_back({.host = "127.0.0.1", .port = static_cast<std::uint16_t>(1 + i)});
  options.out_for = out_for;
  return options;
}

TEST(UpstreamHealth, AddressesTakeTurns) {
  UpstreamHealth health(Options(3, Duration(10'000)));
  std::set<std::size_t> chosen;
  for (int i = 0; i < 3; ++i) chosen.insert(health.Choose(0));
  EXPECT_EQ(chosen.size(), 3U);
  EXPECT_EQ(health.Choose(0b111), UpstreamHealth::kNone);
}

TEST(UpstreamHealth, ThreeFailuresInARowTakeAnAddressOut) {
  UpstreamHealth health(Options(2, Duration(10'000)));
  health.Failed(0);
  health.Failed(0);
  health.Succeeded(0);
  health.Failed(0);
  health.Failed(0);
  EXPECT_TRUE(health.IsHealthy(0));
  health.Failed(0);
  EXPECT_FALSE(health.IsHealthy(0));
  EXPECT_TRUE(health.AnyHealthy());
  for (int i = 0; i < 10; ++i) EXPECT_EQ(health.Choose(0), 1U);
}

TEST(UpstreamHealth, OneProbeIsLetThroughAndBringsItBack) {
  UpstreamHealth health(Options(2, Duration(0)));
  for (int i = 0; i < 3; ++i) health.Failed(0);
  EXPECT_EQ(health.Choose(0b10), 0U);
  EXPECT_FALSE(health.IsHealthy(0));
  health.Succeeded(0);
  EXPECT_TRUE(health.IsHealthy(0));
}

TEST(UpstreamHealth, TheOnlyAddressIsAlwaysTried) {
  UpstreamHealth health(Options(1, Duration(10'000)));
  for (int i = 0; i < 5; ++i) health.Failed(0);
  EXPECT_FALSE(health.AnyHealthy());
  EXPECT_EQ(health.Choose(0), 0U);
}

}  // namespace
}  // namespace sallyport::net
