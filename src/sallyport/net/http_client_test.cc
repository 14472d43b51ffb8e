// SPDX-License-Identifier: Apache-2.0
#include "sallyport/net/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "sallyport/net/errc.h"
#include "support/fake_peer.h"

namespace sallyport::net {
namespace {


class HttpClientTest : public ::testing::Test {
 protected:
  // A peer that answers every request of a connection with `answer`.
  test::FakePeer& Answering(std::string answer) {
    peer_.emplace(loop_, [this, answer](test::PeerConnection& c) { return AnswerAll(c, answer, seen_); });
    return *peer_;
  }
  static Coroutine<void> AnswerAll(test::PeerConnection& connection, std::string answer, std::string& seen) {
    for (;;) {
      const auto head = co_await connection.ReadUntil("\r\n\r\n");
      if (head.empty()) co_return;
      seen += head;
      if (const auto at = head.find("Content-Length: "); at != head.npos && head.substr(at + 16, 1) != "0") {
        const auto body = co_await connection.ReadUntil("}");
        seen += body;
      }
      if (!co_await connection.Write(answer)) co_return;
    }
  }

  OutboundRequest To(std::string path, std::string host = "127.0.0.1") {
    OutboundRequest request;
    request.url = "http://" + host + ":" + std::to_string(peer_->port()) + path;
    request.allow_private = true;
    return request;
  }
  Result<OutboundResponse> Send(OutboundRequest request) { return test::RunTask(loop_, client_->Send(std::move(request))); }

  async::Loop loop_;
  std::unique_ptr<HttpClient> client_ = MakeHttpClient();
  std::optional<test::FakePeer> peer_;
  std::string seen_;
};

TEST_F(HttpClientTest, PostsJsonAndReadsTheAnswer) {
  Answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Two:  b \r\nContent-Length: 2\r\n\r\n{}");
  auto request = To("/login?x=1");
  request.method = "POST";
  request.headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}};
  request.body = R"({"a":1})";
  const auto response = Send(std::move(request));
  ASSERT_TRUE(response) << response.error().ToLogString();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "{}");
  EXPECT_THAT(response->headers, ::testing::Contains(::testing::Pair("x-two", "b")));
  EXPECT_TRUE(seen_.starts_with("POST /login?x=1 HTTP/1.1\r\n")) << seen_;
  EXPECT_NE(seen_.find("Content-Type: application/json\r\n"), std::string::npos);
  EXPECT_NE(seen_.find("X-Empty:\r\n"), std::string::npos);
  EXPECT_EQ(seen_.find("Expect"), std::string::npos);
  EXPECT_TRUE(seen_.ends_with(R"({"a":1})"));
}

TEST_F(HttpClientTest, NoTypeIsMadeUpForABody) {
  Answering("HTTP/1.1 204 No Content\r\n\r\n");
  auto request = To("/");
  request.method = "POST";
  ASSERT_TRUE(Send(std::move(request)));
  EXPECT_TRUE(seen_.starts_with("POST / HTTP/1.1\r\n")) << seen_;
  EXPECT_EQ(seen_.find("Content-Type"), std::string::npos) << seen_;
}

TEST_F(HttpClientTest, ConnectionsAreReused) {
  Answering("HTTP/1.1 204 No Content\r\n\r\n");
  for (int i = 0; i < 3; ++i) ASSERT_EQ(Send(To("/"))->status, 204);
  EXPECT_EQ(peer_->connections(), 1);
}

TEST_F(HttpClientTest, S37_PrivateAddressIsRefusedBeforeAnythingIsSent) {
  Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  for (const auto* host : {"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"}) {
    auto request = To("/", host);
    request.allow_private = false;
    const auto response = Send(std::move(request));
    ASSERT_FALSE(response) << host;
    EXPECT_TRUE(response.error().Is(Errc::kAddressNotAllowed)) << host << response.error().ToLogString();
  }
  EXPECT_EQ(peer_->connections(), 0);
}

TEST_F(HttpClientTest, S37_ConnectionOfAnAllowedCallIsNotReusedForOneThatIsNot) {
  Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  ASSERT_TRUE(Send(To("/")));
  auto request = To("/");
  request.allow_private = false;
  EXPECT_TRUE(Send(std::move(request)).error().Is(Errc::kAddressNotAllowed));
}

TEST_F(HttpClientTest, S37_RedirectIsNotFollowed) {
  Answering("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  const auto response = Send(To("/start"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(seen_.find("/elsewhere"), std::string::npos);
}

TEST_F(HttpClientTest, S37_BodyBeyondTheLimitIsAnError) {
  Answering("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n0123456789a");
  auto request = To("/");
  request.max_response_bytes = 10;
  EXPECT_TRUE(Send(std::move(request)).error().Is(Errc::kResponseTooLarge));
}

Coroutine<void> SendForever(test::PeerConnection& connection, std::string first, std::string rest) {
  const auto head = co_await connection.ReadUntil("\r\n\r\n");
  if (!co_await connection.Write(first)) co_return;
  for (;;) {
    if (!co_await connection.Write(rest)) co_return;
  }
}

TEST_F(HttpClientTest, S37_EndlessBodyIsAnError) {
  peer_.emplace(loop_, [](test::PeerConnection& c) {
    return SendForever(c, "HTTP/1.1 200 OK\r\n\r\n", std::string(8192, 'x'));
  });
  EXPECT_TRUE(Send(To("/")).error().Is(Errc::kResponseTooLarge));
}

TEST_F(HttpClientTest, S37_EndlessHeadIsAnError) {
  peer_.emplace(loop_, [](test::PeerConnection& c) {
    return SendForever(c, "HTTP/1.1 200 OK\r\n", "X-A: " + std::string(1000, 'x') + "\r\n");
  });
  EXPECT_TRUE(Send(To("/")).error().Is(Errc::kResponseTooLarge));
}

Coroutine<void> Silence(test::PeerConnection& connection) {
  co_await connection.ReadUntil("never");
}

TEST_F(HttpClientTest, SilentPeerIsATimeout) {
  peer_.emplace(loop_, [](test::PeerConnection& c) { return Silence(c); });
  auto request = To("/");
  request.timeout = Duration(50);
  EXPECT_TRUE(Send(std::move(request)).error().Is(Errc::kUpstreamTimeout));
}

TEST_F(HttpClientTest, ClosedPortIsOutboundFailed) {
  Answering("");
  auto request = To("/");
  peer_->Stop();
  EXPECT_TRUE(Send(std::move(request)).error().Is(Errc::kOutboundFailed));
}

TEST_F(HttpClientTest, CutAnswerIsOutboundFailed) {
  peer_.emplace(loop_, [](test::PeerConnection& c) -> Coroutine<void> {
    co_await c.ReadUntil("\r\n\r\n");
    co_await c.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123");
  });
  EXPECT_TRUE(Send(To("/")).error().Is(Errc::kOutboundFailed));
}

TEST_F(HttpClientTest, HeaderCannotCarryALineBreak) {
  Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  for (const std::pair<std::string, std::string>& header :
       {std::pair<std::string, std::string>{"X", "a\r\nY: b"}, {"X\nY", "a"}, {"X: a", "b"}, {"", "b"}}) {
    auto request = To("/");
    request.headers = {header};
    EXPECT_TRUE(Send(std::move(request)).error().Is(Errc::kOutboundFailed));
  }
  EXPECT_EQ(peer_->connections(), 0);
}

TEST_F(HttpClientTest, OtherSchemesAndUserInfoAreRefused) {
  for (const auto* url : {"file:///etc/passwd", "gopher://127.0.0.1/", "http://user:pw@127.0.0.1/", "nonsense", ""}) {
    OutboundRequest request;
    request.url = url;
    request.allow_private = true;
    EXPECT_TRUE(Send(std::move(request)).error().Is(Errc::kOutboundFailed)) << url;
  }
}

TEST_F(HttpClientTest, S62_AnErrorDoesNotQuoteTheUrl) {
  Answering("HTTP/1.1 204 No Content\r\n\r\n");
  for (const auto* url : {"http://user:t0ken@127.0.0.1/", "http://127.0.0.1:1/?access_token=t0ken", "http://[::/?access_token=t0ken"}) {
    OutboundRequest request;
    request.url = url;
    request.allow_private = true;
    const auto response = Send(std::move(request));
    ASSERT_FALSE(response) << url;
    EXPECT_EQ(response.error().ToLogString().find("t0ken"), std::string::npos) << response.error().ToLogString();
  }
}

// Between turns, when no loop is current: libcurl asks for its timer while it is taken apart.
TEST_F(HttpClientTest, DestroyedClientEndsCallsUnderWay) {
  peer_.emplace(loop_, [](test::PeerConnection& c) { return Silence(c); });
  constexpr int kCalls = 4;
  std::vector<Result<OutboundResponse>> results;
  for (int i = 0; i < kCalls; ++i)
    test::Start(loop_, client_->Send(To("/")), [&](Result<OutboundResponse> r) { results.push_back(std::move(r)); });
  while (peer_->connections() < kCalls) loop_.RunTurn();
  client_.reset();
  while (std::ssize(results) < kCalls) loop_.RunTurn();
  for (const auto& result : results) EXPECT_TRUE(result.error().Is(Errc::kStopped)) << result.error().ToLogString();
}

}  // namespace
}  // namespace sallyport::net
