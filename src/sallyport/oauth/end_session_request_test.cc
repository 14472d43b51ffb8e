// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/end_session_request.h"

#include <gtest/gtest.h>

namespace sallyport::oauth {
namespace {

TEST(EndSessionRequest, UrlNamesTokenClientAndWayBack) {
  EXPECT_EQ(EndSessionUrl("https://op.example/end", {"a.b.c", "app", "https://a.example/", "s"}),
            "https://op.example/end?id_token_hint=a.b.c&client_id=app&post_logout_redirect_uri=https%3A%2F%2Fa.example%2F&state=s");
}

TEST(EndSessionRequest, WhatIsMissingIsLeftOut) {
  EXPECT_EQ(EndSessionUrl("https://op.example/end?x=1", {"", "app", "", "s"}), "https://op.example/end?x=1&client_id=app");
}

}  // namespace
}  // namespace sallyport::oauth
