// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/health_handler.h"

#include <gtest/gtest.h>

namespace sallyport::admin {
namespace {

TEST(HealthHandler, S28_OnlyLoopbackNamesAndTheListenersAddressAreAnswered) {
  const net::ListenAddress local{"127.0.0.1", 9090, ""}, lan{"192.0.2.7", 9090, ""};
  for (const auto* host : {"localhost", "localhost:9090", "127.0.0.1:9090", "127.9.9.9", "[::1]:9090"}) {
    EXPECT_TRUE(IsAdminHost(host, local)) << host;
  }
  for (const auto* host : {"", "evil.example", "evil.example:9090", "localhost.evil.example", "192.0.2.7:9090", "127.0.0.1.evil.example", "x@localhost"}) {
    EXPECT_FALSE(IsAdminHost(host, local)) << host;
  }
  EXPECT_TRUE(IsAdminHost("192.0.2.7:9090", lan));
  EXPECT_FALSE(IsAdminHost("192.0.2.8:9090", lan));
}

}  // namespace
}  // namespace sallyport::admin
