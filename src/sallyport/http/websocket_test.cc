// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/websocket.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

const std::string kGood =
    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

bool Passes(std::string text, std::string_view from = "", std::string_view to = "") {
  if (!from.empty()) {
    EXPECT_NE(text.find(from), std::string::npos) << from;
    text.replace(text.find(from), from.size(), to);
  }
  RequestHead head;
  const auto used = ParseRequestHead(text, 0, {}, head);
  EXPECT_TRUE(used && *used == text.size()) << text;
  const auto framing = FrameRequest(head);
  EXPECT_TRUE(framing);
  return CheckWebSocketRequest(head, *framing).has_value();
}

TEST(WebSocket, TheHandshakeOfRfc6455Passes) {
  EXPECT_TRUE(Passes(kGood));
  EXPECT_TRUE(Passes(kGood, "websocket", "WebSocket"));
}

TEST(WebSocket, S25_AnyDeviationIsRefused) {
  const std::pair<const char*, const char*> kEdits[] = {{"GET", "POST"},
                                                        {"HTTP/1.1", "HTTP/1.0"},
                                                        {"Upgrade: websocket", "Upgrade: websocket, h2c"},
                                                        {"Upgrade: websocket", "Upgrade: h2c"},
                                                        {", Upgrade", ""},
                                                        {"Version: 13", "Version: 8"},
                                                        {"Version: 13", "Version: 13\r\nSec-WebSocket-Version: 13"},
                                                        {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ="},
                                                        {"dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZB=="},
                                                        {"dGhlIHNhbXBsZSBub25jZQ==", ""},
                                                        {"Host: a", "Host: a\r\nContent-Length: 1"},
                                                        {"Host: a", "Host: a\r\nTransfer-Encoding: chunked"}};
  for (const auto& [from, to] : kEdits) EXPECT_FALSE(Passes(kGood, from, to)) << from << " -> " << to;
}

TEST(WebSocket, OnlyTheRightAnswerOpensTheTunnel) {
  const auto accepted = [](std::string_view text) {
    ResponseHead head;
    EXPECT_TRUE(ParseResponseHead(text, 0, {}, head).value_or(0) > 0) << text;
    return IsWebSocketAccepted(head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  };
  EXPECT_TRUE(accepted("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
  EXPECT_FALSE(accepted("HTTP/1.1 200 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
  EXPECT_FALSE(accepted("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOO=\r\n\r\n"));
  EXPECT_FALSE(accepted("HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"));
  EXPECT_FALSE(accepted("HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
}

TEST(FieldList, TokensAreFoundInLists) {
  EXPECT_TRUE(ListHasToken("keep-alive ,\tUPGRADE", "upgrade"));
  EXPECT_FALSE(ListHasToken("upgrades, up grade", "upgrade"));
  EXPECT_FALSE(ListHasToken("", "upgrade"));
  EXPECT_FALSE(ListHasToken(",,", ""));
}

}  // namespace
}  // namespace sallyport::http
