// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/websocket_accept.h"

#include <gtest/gtest.h>

namespace sallyport::crypto {
namespace {

TEST(WebSocketAccept, ExampleOfRfc6455) {
  EXPECT_EQ(WebSocketAccept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

}  // namespace
}  // namespace sallyport::crypto
