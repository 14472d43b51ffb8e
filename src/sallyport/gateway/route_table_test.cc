// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/route_table.h"

#include <gtest/gtest.h>

namespace sallyport::gateway {
namespace {

Route R(std::string path, bool strip = false) {
  Route route;
  route.path = std::move(path);
  route.strip_prefix = strip;
  return route;
}

TEST(RouteTable, LongestPatternWinsWhateverTheOrder) {
  const RouteTable table({R("/*"), R("/api/*"), R("/api/admin/*"), R("/dashboard")});
  EXPECT_EQ(table.Match("/"), 0);
  EXPECT_EQ(table.Match("/api"), 1);
  EXPECT_EQ(table.Match("/api/x"), 1);
  EXPECT_EQ(table.Match("/api/admin"), 2);
  EXPECT_EQ(table.Match("/api/admin/x"), 2);
  EXPECT_EQ(table.Match("/dashboard"), 3);
  EXPECT_EQ(table.Match("/dashboard/x"), 0);
}

TEST(RouteTable, PrefixEndsAtASegment) {
  const RouteTable table({R("/api/*")});
  EXPECT_EQ(table.Match("/apiary"), -1);
  EXPECT_EQ(table.Match("/ap"), -1);
}

TEST(RouteTable, ExactBeatsPrefixOfEqualLength) {
  const RouteTable table({R("/a/*"), R("/a")});
  EXPECT_EQ(table.Match("/a"), 1);
  EXPECT_EQ(table.Match("/a/"), 0);
}

TEST(RouteTable, StrippedTargetAlwaysBeginsWithASlash) {
  std::string scratch;
  EXPECT_EQ(RouteTable::UpstreamTarget(R("/api/*", true), "/api/x?y=1", scratch), "/x?y=1");
  EXPECT_EQ(RouteTable::UpstreamTarget(R("/api/*", true), "/api?y=1", scratch), "/?y=1");
  EXPECT_EQ(RouteTable::UpstreamTarget(R("/api/*", true), "/api", scratch), "/");
  EXPECT_EQ(RouteTable::UpstreamTarget(R("/api/*"), "/api/x", scratch), "/api/x");
}

}  // namespace
}  // namespace sallyport::gateway
