// SPDX-License-Identifier: Apache-2.0
// The HTTP/1 front over real sockets: what a client may do to a connection, and what it gets for it.
#include "sallyport/net/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <atomic>
#include <latch>

#include "sallyport/async/loop.h"
#include "support/net_fixture.h"
#include "support/temp_dir.h"

namespace sallyport::net {
namespace {

constexpr std::span<const http::HeaderField> kNoFields;

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using test::RawSocket;
using test::TestServer;

// Answers with "METHOD target body".
Coroutine<void> Echo(Exchange& exchange) {
  const auto body = co_await exchange.ReadWholeBody(1 << 20);
  if (!body) {
    if (exchange.abort_reason() == AbortReason::kNone) {
      const std::string_view text = "no";
      const std::uint16_t status = body.error().Is(Errc::kTimeout) ? 408 : body.error().Is(Errc::kBodyTooLarge) ? 413 : 400;
      (void)co_await SendWhole(exchange, status, kNoFields, text);
    }
    co_return;
  }
  std::string answer(exchange.head().method_name);
  answer.append(" ").append(exchange.head().raw_target).append(" ").append(*body);
  (void)co_await SendWhole(exchange, 200, kNoFields, answer);
}

Coroutine<void> AnswerWithoutReading(Exchange& exchange) {
  const std::string_view text = "early";
  (void)co_await SendWhole(exchange, 200, kNoFields, text);
}

TEST(Server, KeepAliveServesOneRequestAfterTheOther) {
  TestServer server(Echo);
  auto client = server.Connect();
  for (int i = 0; i < 50; ++i) {
    const std::string target = "/" + std::to_string(i);
    client.Send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.ReadMessage();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(answer, HasSubstr("\r\nDate: "));
    EXPECT_THAT(answer, EndsWith("GET " + target + " "));
  }
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server(Echo);
  auto client = server.Connect();
  std::string requests;
  for (int i = 0; i < 20; ++i) {
    requests += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab" + std::to_string(i % 10);
    requests += "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n1;x=y\r\n!\r\n0\r\nX-Trailer: x\r\n\r\n";
  }
  client.Send(requests);
  for (int i = 0; i < 20; ++i) {
    EXPECT_THAT(client.ReadMessage(), EndsWith("POST /" + std::to_string(i) + " ab" + std::to_string(i % 10)));
    EXPECT_THAT(client.ReadMessage(), EndsWith("POST /c hi!"));
  }
}

TEST(Server, RequestArrivingByteByByteIsUnderstood) {
  TestServer server(Echo);
  auto client = server.Connect();
  for (const char c : std::string_view("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")) {
    client.Send({&c, 1});
  }
  EXPECT_THAT(client.ReadMessage(), EndsWith("POST /x abc"));
}

TEST(Server, Http10ClosesUnlessAskedToStay) {
  TestServer server(Echo);
  auto closing = server.Connect();
  closing.Send("GET /a HTTP/1.0\r\n\r\n");
  const auto answer = closing.ReadAll();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("GET /a "));
  auto staying = server.Connect();
  for (int i = 0; i < 2; ++i) {
    staying.Send("GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(staying.ReadMessage(), HasSubstr("Connection: keep-alive\r\n"));
  }
}

TEST(Server, ConnectionCloseIsObeyed) {
  TestServer server(Echo);
  auto client = server.Connect();
  client.Send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.ReadAll(), HasSubstr("Connection: close\r\n"));
  EXPECT_FALSE(client.was_reset());
}

TEST(Server, HeadHasNoBody) {
  TestServer server(Echo);
  auto client = server.Connect();
  client.Send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(true), HasSubstr("Content-Length: 8\r\n"));
  client.Send("GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(Server, ContinueIsSentWhenTheBodyIsWanted) {
  TestServer server(Echo);
  auto client = server.Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hello");
  EXPECT_THAT(client.ReadMessage(), EndsWith("POST /a hello"));
}

TEST(Server, AnswerWithoutReadingAnExpectedBodyCloses) {
  TestServer server(AnswerWithoutReading);
  auto client = server.Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  const auto answer = client.ReadMessage();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_TRUE(client.AtEnd());
}

TEST(Server, SmallUnreadBodyIsDrainedAndTheConnectionKept) {
  TestServer server(AnswerWithoutReading);
  auto client = server.Connect();
  for (int i = 0; i < 3; ++i) {
    client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n");
    client.Send(std::string(20000, 'x'));
    EXPECT_THAT(client.ReadMessage(), EndsWith("early"));
  }
}

TEST(Server, AnswerToALargeUnreadBodyIsNotLostToAReset) {
  TestServer server(AnswerWithoutReading);
  auto client = server.Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n" + std::string(300000, 'x'));
  EXPECT_THAT(client.ReadMessage(), EndsWith("early"));
  EXPECT_TRUE(client.AtEnd());
  EXPECT_FALSE(client.was_reset());
}

TEST(Server, BodyBeyondTheLimitIs413) {
  TestServer server(Echo);
  auto client = server.Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 413"));
}

TEST(Server, S25_MessagesWhoseFramingIsInDoubtAreRefusedAndTheConnectionClosed) {
  std::atomic<int> handled = 0;
  TestServer server([&](Exchange& exchange) { ++handled; return Echo(exchange); });
  for (const std::string_view fields : {
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: +5\r\n", "Content-Length: 5, 5\r\n", "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 5\r\n", "X: a\r\n b\r\n",
           "X: a\nY: b\r\n"}) {
    auto client = server.Connect();
    client.Send("POST /a HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\nhelloGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.ReadAll();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400")) << fields;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << fields;
    EXPECT_FALSE(client.was_reset()) << fields;
  }
  EXPECT_EQ(handled, 0);
}

TEST(Server, S25_MalformedChunksEndTheExchangeAndTheConnection) {
  TestServer server(Echo);
  for (const std::string_view body : {"5\nhello\r\n0\r\n\r\n", "-1\r\n", "5\r\nhelloX\r\n0\r\n\r\n", "10000000000000000\r\n"}) {
    auto client = server.Connect();
    client.Send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(body));
    EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 400")) << body;
  }
}

TEST(Server, HeadBeyondTheLimitIs431) {
  TestServer server(Echo);
  auto client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40000, 'x'));
  EXPECT_THAT(client.ReadAll(), StartsWith("HTTP/1.1 431"));
  auto fitting = server.Connect();
  for (int i = 0; i < 3; ++i) {
    fitting.Send("GET /big HTTP/1.1\r\nHost: a\r\nX: " + std::string(15000, 'x') + "\r\n\r\n");
    EXPECT_THAT(fitting.ReadMessage(), StartsWith("HTTP/1.1 200"));
    fitting.Send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(fitting.ReadMessage(), StartsWith("HTTP/1.1 200"));
  }
}

TEST(Server, SlowHeadIs408AndIdleIsClosedSilently) {
  ServerOptions options;
  options.header_timeout = 200ms;
  options.idle_timeout = 200ms;
  TestServer server(Echo, options);
  auto slow = server.Connect();
  slow.Send("GET / HTT");
  EXPECT_THAT(slow.ReadAll(), StartsWith("HTTP/1.1 408"));
  auto idle = server.Connect();
  idle.Send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(idle.ReadMessage(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_FALSE(idle.was_reset());
}

TEST(Server, SlowBodyIs408) {
  ServerOptions options;
  options.body_timeout = 200ms;
  TestServer server(Echo, options);
  auto client = server.Connect();
  client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 408"));
  EXPECT_TRUE(client.AtEnd());
}

Coroutine<void> WriteUntilItFails(Exchange& exchange, std::latch& failed) {
  exchange.SetHead(200, {}, {}, {BodyFraming::kStream, 0});
  const std::string piece(65536, 'x');
  for (;;) {
    const auto written = co_await exchange.WriteBody(piece);
    if (written) continue;
    EXPECT_EQ(exchange.abort_reason(), AbortReason::kTimeout);
    failed.count_down();
    co_return;
  }
}

TEST(Server, ClientThatAcceptsNothingIsCut) {
  ServerOptions options;
  options.write_timeout = 200ms;
  std::latch failed(1);
  TestServer server([&](Exchange& exchange) { return WriteUntilItFails(exchange, failed); }, options);
  auto client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  failed.wait();
}

Coroutine<void> Stream(Exchange& exchange) {
  exchange.SetHead(200, {}, "X-Kind: stream\r\n", {BodyFraming::kStream, 0});
  const std::string one = "one";
  const std::string two = "two!";
  (void)co_await exchange.WriteBody(one);
  (void)co_await exchange.WriteBody(two);
  (void)co_await exchange.Finish();
}

TEST(Server, StreamIsChunkedForHttp11AndEndsByCloseForHttp10) {
  TestServer server(Stream);
  auto client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("0\r\n\r\n"), EndsWith("\r\n\r\n3\r\none\r\n4\r\ntwo!\r\n0\r\n\r\n"));
  auto old = server.Connect();
  old.Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto answer = old.ReadAll();
  EXPECT_THAT(answer, Not(HasSubstr("Transfer-Encoding")));
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nonetwo!"));
}

Coroutine<void> ShortBody(Exchange& exchange) {
  exchange.SetHead(200, {}, {}, {BodyFraming::kLength, 100});
  const std::string piece = "too short";
  (void)co_await exchange.WriteBody(piece);
  (void)co_await exchange.Finish();
}

TEST(Server, S26_ShortBodyNeverLooksWhole) {
  TestServer server(ShortBody);
  auto client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  client.ReadAll();
  EXPECT_TRUE(client.was_reset());
}

Coroutine<void> WaitForAbort(Exchange& exchange, std::latch& waiting, std::latch& aborted, AbortReason& reason) {
  waiting.count_down();
  while (exchange.abort_reason() == AbortReason::kNone) co_await async::Sleep(Duration(5));
  reason = exchange.abort_reason();
  aborted.count_down();
}

TEST(Server, ClientThatLeavesAbortsItsExchange) {
  std::latch waiting(1);
  std::latch aborted(1);
  AbortReason reason = AbortReason::kNone;
  TestServer server([&](Exchange& exchange) { return WaitForAbort(exchange, waiting, aborted, reason); });
  auto client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  waiting.wait();
  client.Close();
  aborted.wait();
  EXPECT_EQ(reason, AbortReason::kClientGone);
}

Coroutine<void> PeekThenEcho(Exchange& exchange) {
  const auto peeked = co_await exchange.PeekBody(5);
  EXPECT_TRUE(peeked && peeked->size() >= 5);
  std::span<const char> buffered;
  EXPECT_EQ(exchange.BodyIsBuffered(buffered), exchange.head().raw_target == "/short");
  co_await Echo(exchange);
}

TEST(Server, PeekedBodyIsHandedOutAgain) {
  TestServer server(PeekThenEcho);
  auto client = server.Connect();
  client.Send("POST /short HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nabcdefgh");
  EXPECT_THAT(client.ReadMessage(), EndsWith("POST /short abcdefgh"));
  const std::string large(300000, 'y');
  client.Send("POST /long HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + large);
  EXPECT_THAT(client.ReadMessage(), EndsWith("POST /long " + large));
}

TEST(Server, HandlerThatForgetsItsAnswerCutsTheClient) {
  TestServer server([](Exchange&) -> Coroutine<void> { co_return; });
  auto client = server.Connect();
  client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.ReadAll(), "");
}

Coroutine<void> Throws(Exchange&) {
  throw std::runtime_error("boom");
  co_return;
}

TEST(Server, HandlerThatThrowsEndsItsOwnConnectionOnly) {
  TestServer server([](Exchange& exchange) { return exchange.head().raw_target == "/throw" ? Throws(exchange) : Echo(exchange); });
  auto other = server.Connect();
  auto client = server.Connect();
  client.Send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.ReadAll(), "");
  other.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(other.ReadMessage(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, BeyondTheConnectionLimitIs503) {
  ServerOptions options;
  options.max_connections = 1;
  TestServer server(Echo, options);
  auto first = server.Connect();
  first.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(first.ReadMessage(), StartsWith("HTTP/1.1 200"));
  auto second = server.Connect();
  EXPECT_THAT(second.ReadAll(), StartsWith("HTTP/1.1 503"));
  first.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(first.ReadMessage(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, AddressInUseIsAnErrorWithASentence) {
  TestServer server(Echo);
  ServerOptions options;
  options.listen.push_back({.host = "127.0.0.1", .port = server.server().port()});
  TestServer second(Echo, options);
  ASSERT_FALSE(second.start());
  EXPECT_THAT(second.start().error().detail, HasSubstr("in use"));
}

TEST(Server, UnixSocketIsServedAndRemoved) {
  test::TempDir dir;
  const std::string path = dir.path() + "/s";
  {
    ServerOptions options;
    options.listen.push_back({.unix_path = path});
    TestServer server(Echo, options, 2);
    ASSERT_TRUE(server.start());
    auto client = RawSocket::ConnectUnix(path);
    client.Send("GET /u HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_THAT(client.ReadMessage(), EndsWith("GET /u "));
  }
  EXPECT_LT(RawSocket::ConnectUnix(path).fd(), 0);
}

struct Gate {
  std::latch entered{1};
  std::atomic<bool> open = false;
};

Coroutine<void> AnswerWhenOpen(Exchange& exchange, Gate& gate) {
  gate.entered.count_down();
  while (!gate.open && exchange.abort_reason() == AbortReason::kNone) co_await async::Sleep(Duration(5));
  const std::string_view text = "done";
  (void)co_await SendWhole(exchange, 200, kNoFields, text);
}

TEST(Server, DrainLetsWhatIsInFlightFinishAndClosesTheIdle) {
  Gate gate;
  TestServer server([&](Exchange& exchange) { return exchange.head().raw_target == "/slow" ? AnswerWhenOpen(exchange, gate) : Echo(exchange); });
  auto idle = server.Connect();
  idle.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(idle.ReadMessage(), StartsWith("HTTP/1.1 200"));
  auto busy = server.Connect();
  busy.Send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.entered.wait();
  std::thread drain([&] { server.server().Drain(10s); });
  EXPECT_EQ(idle.ReadAll(), "");
  gate.open = true;
  const auto answer = busy.ReadAll();
  EXPECT_THAT(answer, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(answer, EndsWith("done"));
  drain.join();
  EXPECT_EQ(server.server().connections(), 0U);
  EXPECT_LT(server.Connect().fd(), 0);
}

TEST(Server, DrainAbortsWhatDoesNotFinishInTime) {
  Gate gate;
  TestServer server([&](Exchange& exchange) { return AnswerWhenOpen(exchange, gate); });
  auto client = server.Connect();
  client.Send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.entered.wait();
  server.server().Drain(100ms);
  EXPECT_EQ(server.server().connections(), 0U);
  EXPECT_EQ(client.ReadAll(), "");
}

TEST(Server, RunningOutOfDescriptorsNeitherSpinsNorStopsTheServer) {
  TestServer server(Echo);
  auto client = server.Connect();
  client.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 200"));
  RawSocket waiting(::socket(AF_INET, SOCK_STREAM, 0));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 3;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(server.server().port());
  ::connect(waiting.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  client.Send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 200"));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  auto later = server.Connect();
  later.Send("GET /y HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(later.ReadMessage(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, ManyClientsOnSeveralWorkers) {
  TestServer server(Echo, {}, 3);
  std::vector<std::thread> clients;
  for (int t = 0; t < 4; ++t) {
    clients.emplace_back([&server, t] {
      for (int i = 0; i < 20; ++i) {
        auto client = server.Connect();
        for (int j = 0; j < 10; ++j) {
          const std::string target = "/" + std::to_string(t * 1000 + i * 10 + j);
          client.Send("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
          ASSERT_THAT(client.ReadMessage(), EndsWith("GET " + target + " "));
        }
      }
    });
  }
  for (auto& client : clients) client.join();
}

}  // namespace
}  // namespace sallyport::net
