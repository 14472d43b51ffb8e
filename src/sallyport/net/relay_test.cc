// SPDX-License-Identifier: Apache-2.0
// The relay between real sockets: what the upstream receives, what the client gets, and what happens when either fails.
#include "sallyport/net/relay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <mutex>

#include "sallyport/base/stream_search.h"
#include "support/net_fixture.h"
#include "support/temp_dir.h"

namespace sallyport::net {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using test::FakeUpstream;
using test::RawSocket;
using test::TestGateway;

constexpr std::string_view kGet = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

std::string Ok(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// Sends `answer` for every request of a connection, which ends when a request does not come.
FakeUpstream::Script Always(std::string answer) {
  return [answer = std::move(answer)](RawSocket& socket) {
    while (!socket.ReadMessage().empty()) socket.Send(answer);
  };
}

// One connection's worth of answers, each followed by nothing; the connection then closes.
FakeUpstream::Script Once(std::string answer) {
  return [answer = std::move(answer)](RawSocket& socket) {
    socket.ReadMessage();
    socket.Send(answer);
  };
}

// Remembers what arrived.
struct Recorder {
  std::mutex mutex;
  std::vector<std::string> messages;

  FakeUpstream::Script Answering(std::string answer) {
    return [this, answer = std::move(answer)](RawSocket& socket) {
      for (;;) {
        auto message = socket.ReadMessage();
        if (message.empty()) return;
        {
          const std::lock_guard lock(mutex);
          messages.push_back(std::move(message));
        }
        socket.Send(answer);
      }
    };
  }
  std::string last() {
    const std::lock_guard lock(mutex);
    return messages.empty() ? "" : messages.back();
  }
};

std::string Ask(TestGateway& gateway, std::string_view request) {
  auto client = gateway.Connect();
  client.Send(request);
  return client.ReadMessage(request.starts_with("HEAD"));
}

TEST(Relay, ConnectionsToTheUpstreamAreReused) {
  FakeUpstream upstream(Always(Ok("hello")));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 0; i < 20; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nhello"));
  }
  EXPECT_EQ(upstream.connections(), 1);
}

TEST(Relay, S27_HopByHopFieldsDoNotPassEitherWay) {
  Recorder seen;
  FakeUpstream upstream(seen.Answering("HTTP/1.1 200 OK\r\nConnection: X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\n"
                                       "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nX-Kept: 1\r\nContent-Length: 2\r\n\r\nok"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.request_edits.raw_block = "X-Auth-Subject: the gateway's\r\n";
  const auto answer = Ask(gateway,
                          "GET /x HTTP/1.1\r\nHost: a\r\nConnection: X-Auth-Subject, X-Hop, Upgrade\r\nX-Hop: 1\r\n"
                          "Upgrade: h2c\r\nHTTP2-Settings: x\r\nTE: trailers\r\nProxy-Authorization: x\r\nX-Kept: 2\r\n\r\n");
  for (const auto gone : {"X-Hop:", "Upgrade:", "HTTP2-Settings", "TE:", "Proxy-", "Connection:"}) {
    EXPECT_THAT(seen.last(), Not(HasSubstr(gone)));
  }
  EXPECT_THAT(seen.last(), HasSubstr("X-Kept: 2\r\n"));
  EXPECT_THAT(seen.last(), HasSubstr("X-Auth-Subject: the gateway's\r\n"));
  for (const auto gone : {"X-Secret", "Keep-Alive", "Proxy-", "Upgrade", "Connection"}) EXPECT_THAT(answer, Not(HasSubstr(gone)));
  EXPECT_THAT(answer, HasSubstr("X-Kept: 1\r\n"));
}

TEST(Relay, BodiesPassInEveryFraming) {
  Recorder seen;
  FakeUpstream upstream(seen.Answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nabcde"));
  EXPECT_THAT(seen.last(), EndsWith("Content-Length: 5\r\n\r\nhello"));
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nfoo\r\n");
  client.Send("3\r\nbar\r\n0\r\nX-Auth-Subject: forged\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nabcde"));
  EXPECT_THAT(seen.last(), EndsWith("Transfer-Encoding: chunked\r\n\r\nfoobar"));
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nabcde"));
  EXPECT_THAT(seen.last(), HasSubstr("Content-Length: 0\r\n"));
  EXPECT_EQ(upstream.connections(), 1);
}

TEST(Relay, ContinueIsAnsweredHereAndNotAskedOfTheUpstream) {
  Recorder seen;
  FakeUpstream upstream(seen.Answering(Ok("thanks")));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hello");
  EXPECT_THAT(client.ReadMessage(), EndsWith("thanks"));
  EXPECT_THAT(seen.last(), Not(HasSubstr("Expect")));
}

TEST(Relay, AnswersWithoutABodyHaveNone) {
  FakeUpstream upstream([](RawSocket& socket) {
    for (;;) {
      const auto request = socket.ReadMessage();
      if (request.empty()) return;
      if (request.starts_with("HEAD")) socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      else if (request.starts_with("GET /304")) socket.Send("HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nContent-Length: 77\r\n\r\n");
      else socket.Send("HTTP/1.1 204 No Content\r\n\r\n");
    }
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(true), HasSubstr("Content-Length: 1000\r\n"));
  client.Send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(true), StartsWith("HTTP/1.1 304"));
  client.Send("GET /204 HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto answer = client.ReadMessage(true);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 204"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length")));
  EXPECT_EQ(upstream.connections(), 1);
}

TEST(Relay, InterimAnswersPassExceptToHttp10) {
  FakeUpstream upstream(Always("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), HasSubstr("103 Early Hints\r\nLink: </a.css>"));
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(Ask(gateway, "GET /x HTTP/1.0\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST(Relay, EventsArriveAsTheyAreSent) {
  std::latch first_read(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    socket.Send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    socket.Send("9\r\ndata: 1\n\n\r\n");
    first_read.wait();
    socket.Send("9\r\ndata: 2\n\n\r\n0\r\n\r\n");
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  EXPECT_THAT(client.ReadUntil("data: 1\n\n"), HasSubstr("text/event-stream"));
  first_read.count_down();
  EXPECT_THAT(client.ReadUntil("0\r\n\r\n"), HasSubstr("data: 2"));
}

TEST(Relay, HeadIsFlushedBeforeTheFirstByteOfTheBody) {
  std::latch head_read(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
    head_read.wait();
    socket.Send("ok");
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  head_read.count_down();
  EXPECT_EQ(client.ReadExactly(2), "ok");
}

TEST(Relay, AnswerThatEndsWithTheConnectionIsPassedOnWhole) {
  FakeUpstream upstream(Once("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  EXPECT_THAT(Ask(gateway, kGet), EndsWith("until the end"));
  EXPECT_THAT(Ask(gateway, kGet), EndsWith("until the end"));
  EXPECT_EQ(upstream.connections(), 2);
}

TEST(Relay, S5_AnExchangeThatWasAbortedBeforeIsNotForwarded) {
  Recorder seen;
  FakeUpstream upstream(seen.Answering(Ok("hello")));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  EXPECT_THAT(Ask(gateway, kGet), EndsWith("hello"));   // leaves a connection in the pool
  gateway.on_exchange = [](Exchange& exchange) { exchange.Abort(AbortReason::kSessionEnded); };
  auto client = gateway.Connect();
  client.Send("DELETE /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.ReadAll(), "");
  EXPECT_THAT(seen.last(), StartsWith("GET "));
}

TEST(Relay, S26_AnswerCutByTheUpstreamIsCutForTheClient) {
  for (const std::string_view cut : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
                                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    FakeUpstream upstream(Once(std::string(cut)));
    TestGateway gateway(TestGateway::To({upstream.port()}));
    auto client = gateway.Connect();
    client.Send(kGet);
    EXPECT_THAT(client.ReadAll(), Not(EndsWith("0\r\n\r\n")));
    EXPECT_TRUE(client.was_reset()) << cut;
  }
}

TEST(Relay, S7_ABodyThatTheWatchStopsIsCutWhereverItsPiecesEnd) {
  struct Watch final : BodyWatch {
    StreamSearch search{"SECRET"};
    bool Passes(std::string_view piece) override { return !search.Feed(piece); }
  };
  for (const std::string_view answer : {"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\nit is SECRET, so",
                                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nSEC\r\n5\r\nRET, \r\n0\r\n\r\n",
                                        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nSECRET"}) {
    FakeUpstream upstream(Once(std::string(answer)));
    Watch watch;   // outlives the gateway
    TestGateway gateway(TestGateway::To({upstream.port()}));
    gateway.watch = &watch;
    auto client = gateway.Connect();
    client.Send(kGet);
    const auto got = client.ReadAll();
    EXPECT_THAT(got, Not(HasSubstr("RET"))) << answer;
    EXPECT_THAT(got, Not(EndsWith("0\r\n\r\n"))) << answer;
    EXPECT_TRUE(got.empty() || client.was_reset()) << answer;
  }
}

TEST(Relay, S25_AnswerThatIsNotUnderstoodIs502AndItsConnectionNotReused) {
  for (const std::string_view bad : {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\nok",
                                     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
                                     "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
                                     "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", "HTTP/2 200\r\n\r\n", "hello\r\n\r\n",
                                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
                                     "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    FakeUpstream upstream(Always(std::string(bad)));
    TestGateway gateway(TestGateway::To({upstream.port()}));
    auto client = gateway.Connect();
    for (int i = 1; i <= 2; ++i) {
      client.Send(kGet);
      EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 502")) << bad;
      EXPECT_EQ(upstream.connections(), i) << bad;
    }
  }
}

TEST(Relay, S25_ConnectionWithBytesBehindTheAnswerIsNotReused) {
  FakeUpstream upstream(Always(Ok("hello") + Ok("an answer nobody asked for")));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 0; i < 3; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nhello"));
  }
  EXPECT_EQ(upstream.connections(), 3);
}

TEST(Relay, S25_PooledConnectionOnWhichSomethingArrivesIsThrownAway) {
  std::latch go(1);
  std::latch sent(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    if (socket.ReadMessage().empty()) return;
    socket.Send(Ok("first"));
    go.wait();
    socket.Send(Ok("unasked"));
    sent.count_down();
    while (!socket.ReadMessage().empty()) socket.Send(Ok("later"));
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  EXPECT_THAT(client.ReadMessage(), EndsWith("first"));
  go.count_down();
  sent.wait();
  // A POST looks before it takes a pooled connection, whether or not the loop has seen the bytes yet.
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(client.ReadMessage(), EndsWith("first"));
  EXPECT_EQ(upstream.connections(), 2);
}

TEST(Relay, IdempotentRequestIsSentAgainWhenThePooledConnectionHadDied) {
  std::atomic<int> requests = 0;
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    ++requests;
    socket.Send(Ok("one"));
    // The second request of the first connection gets no byte of an answer.
    if (!socket.ReadMessage().empty()) ++requests;
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 0; i < 2; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("one"));
  }
  EXPECT_EQ(requests, 3);
}

TEST(Relay, RequestThatMayHaveHadAnEffectIsNotSentAgain) {
  std::atomic<int> posts = 0;
  FakeUpstream upstream([&](RawSocket& socket) {
    for (;;) {
      const auto request = socket.ReadMessage();
      if (request.empty()) return;
      if (request.starts_with("POST")) {
        ++posts;
        return;
      }
      socket.Send(Ok("one"));
    }
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  client.ReadMessage();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 502"));
  EXPECT_EQ(posts, 1);
}

TEST(Relay, RefusedIs502AndSlowIs504) {
  TestGateway refused(TestGateway::To({test::ClosedPort()}));
  EXPECT_THAT(Ask(refused, kGet), StartsWith("HTTP/1.1 502"));
  FakeUpstream upstream([](RawSocket& socket) { socket.ReadMessage(); socket.ReadMessage(); });
  auto options = TestGateway::To({upstream.port()});
  options.head_timeout = 200ms;
  TestGateway slow(options);
  EXPECT_THAT(Ask(slow, kGet), StartsWith("HTTP/1.1 504"));
}

TEST(Relay, AddressThatRefusesIsLeftOutAfterThreeFailures) {
  FakeUpstream upstream(Always(Ok("alive")));
  const auto dead = test::ClosedPort();
  TestGateway gateway(TestGateway::To({dead, upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 0; i < 20; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("alive"));
  }
}

TEST(Relay, FullPoolIs503) {
  std::latch arrived(1);
  std::latch release(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    arrived.count_down();
    release.wait();
    socket.Send(Ok("slow"));
    socket.ReadMessage();
  });
  auto options = TestGateway::To({upstream.port()});
  options.max_connections = 1;
  TestGateway gateway(options);
  auto first = gateway.Connect();
  first.Send(kGet);
  arrived.wait();
  EXPECT_THAT(Ask(gateway, kGet), StartsWith("HTTP/1.1 503"));
  release.count_down();
  EXPECT_THAT(first.ReadMessage(), EndsWith("slow"));
}

TEST(Relay, UnixSocketUpstreams) {
  test::TempDir dir;
  FakeUpstream upstream(Always(Ok("by unix")), dir.path() + "/u");
  UpstreamOptions options;
  options.name = "unix";
  options.addresses.push_back({.unix_path = dir.path() + "/u"});
  TestGateway gateway(options);
  EXPECT_THAT(Ask(gateway, kGet), EndsWith("by unix"));
}

TEST(Relay, NameIsResolved) {
  FakeUpstream upstream(Always(Ok("by name")));
  UpstreamOptions options;
  options.addresses.push_back({.host = "localhost", .port = upstream.port()});
  TestGateway gateway(options);
  EXPECT_THAT(Ask(gateway, kGet), EndsWith("by name"));
}

TEST(Relay, ClientThatLeavesWhileTheUpstreamThinksClosesTheUpstreamConnection) {
  std::latch arrived(1);
  std::latch closed(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    arrived.count_down();
    EXPECT_EQ(socket.ReadAll(), "");
    closed.count_down();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  arrived.wait();
  client.Close();
  closed.wait();
}

TEST(Relay, ClientThatLeavesInTheMiddleOfALongAnswerEndsOnlyItsOwnExchange) {
  const std::string piece(1024 * 1024, 'a');
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 67108864\r\n\r\n");
    for (int i = 0; i < 64; ++i) socket.Send(piece);  // more than the socket buffers between here and there can hold
  });
  std::latch ended(8);
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.on_outcome = [&](const Result<RelayOutcome>& outcome) {
    EXPECT_FALSE(outcome);
    ended.count_down();
  };
  for (int i = 0; i < 8; ++i) {
    auto client = gateway.Connect();
    client.Send(kGet);
    client.ReadUntil("\r\n\r\n");
    client.Close();
  }
  ended.wait();
}

TEST(Relay, S5_AbortCutsAStreamAtOnce) {
  std::atomic<Exchange*> running = nullptr;
  std::latch closed(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadMessage();
    socket.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
    EXPECT_EQ(socket.ReadAll(), "");
    closed.count_down();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  Result<RelayOutcome> outcome;
  gateway.on_exchange = [&](Exchange& exchange) { running = &exchange; };
  gateway.on_outcome = [&](const Result<RelayOutcome>& o) { outcome = o; };
  auto client = gateway.Connect();
  client.Send(kGet);
  client.ReadUntil("hello\r\n");
  gateway.server().workers().Post(0, [&] { running.load()->Abort(AbortReason::kSessionEnded); });
  client.ReadAll();
  EXPECT_TRUE(client.was_reset());
  closed.wait();
  gateway.server().workers().OnAllBlocking([](std::size_t) {});
  ASSERT_FALSE(outcome);
  EXPECT_TRUE(outcome.error().Is(Errc::kAborted));
}

TEST(Relay, EarlyFinalAnswerIsPassedOnAndTheClientClosed) {
  FakeUpstream upstream([](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    socket.Send("HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
    socket.ShutdownWrite();
    socket.ReadAll();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n" + std::string(1000, 'x'));
  const auto answer = client.ReadMessage();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer, EndsWith("big"));
  EXPECT_TRUE(client.AtEnd());
}

TEST(Relay, BodyBeyondTheLimitIs413AndTheUpstreamIsLeftWithoutItsEnd) {
  FakeUpstream upstream([](RawSocket& socket) { socket.ReadAll(); });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.body_limit = 10;
  EXPECT_THAT(Ask(gateway, "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello world"), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(Ask(gateway, "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
}

TEST(Relay, MalformedRequestBodyIs400) {
  FakeUpstream upstream([](RawSocket& socket) { socket.ReadAll(); });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  EXPECT_THAT(Ask(gateway, "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), StartsWith("HTTP/1.1 400"));
}

TEST(Relay, BodiesFlowBothWaysAtOnce) {
  // The upstream echoes each piece as it comes; the client sends the next only when it has seen the one before.
  FakeUpstream upstream([](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    socket.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (;;) {
      const auto size = std::stoul(socket.ReadUntil("\r\n"), nullptr, 16);
      const auto data = socket.ReadExactly(size + 2);
      if (size == 0) break;
      socket.Send("1\r\n" + data);
    }
    socket.Send("0\r\n\r\n");
    socket.ReadAll();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  for (const char c : std::string_view("abcdefgh")) {
    client.Send(std::string("1\r\n") + c + "\r\n");
    EXPECT_EQ(client.ReadExactly(6), std::string("1\r\n") + c + "\r\n");
  }
  client.Send("0\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "0\r\n\r\n");
}

// A generated body that no side holds whole.
void SendPattern(RawSocket& socket, std::size_t size) {
  const std::string piece(64 * 1024, 'p');
  for (std::size_t sent = 0; sent < size; sent += piece.size()) {
    if (!socket.Send(std::string_view(piece).substr(0, std::min(piece.size(), size - sent)))) return;
  }
}

TEST(Relay, LargeBodiesStreamBothWays) {
  constexpr std::size_t kSize = 64 * 1024 * 1024;
  std::atomic<std::size_t> received = 0;
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    while (received < kSize) {
      const auto got = socket.ReadExactly(std::min<std::size_t>(1 << 20, kSize - received)).size();
      if (got == 0) return;
      received += got;
    }
    socket.Send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    SendPattern(socket, kSize);
    socket.ReadAll();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send("PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
  SendPattern(client, kSize);
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  std::size_t answered = 0;
  while (answered < kSize) {
    const auto got = client.ReadExactly(std::min<std::size_t>(1 << 20, kSize - answered)).size();
    if (got == 0) break;
    answered += got;
  }
  EXPECT_EQ(received, kSize);
  EXPECT_EQ(answered, kSize);
}

TEST(Relay, ClientThatReadsLateLosesNothing) {
  // So many answers that the socket buffers fill up: each way of ending an answer meets a full one.
  for (const auto& answer : {Ok(std::string(8000, 'a')),
                             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1f40\r\n" + std::string(8000, 'a') + "\r\n0\r\n\r\n"}) {
    FakeUpstream upstream(Always(answer));
    TestGateway gateway(TestGateway::To({upstream.port()}));
    auto client = gateway.Connect();
    constexpr int kRequests = 1500;
    for (int i = 0; i < kRequests; ++i) client.Send(kGet);
    for (int i = 0; i < kRequests; ++i) ASSERT_THAT(client.ReadMessage(), EndsWith(std::string("\r\n\r\n") + std::string(8000, 'a')));
  }
}

struct Editor final : ResponseEditor {
  void Edit(const http::ResponseHead& head, http::HeadEdits& edits) override {
    const auto fields = head.fields.fields();
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (fields[i].name == "X-Inner") edits.drop.set(i);
    edits.raw_block = "X-Added: yes\r\n";
  }
};

TEST(Relay, EditorSeesTheAnswerFirst) {
  FakeUpstream upstream(Always("HTTP/1.1 200 OK\r\nX-Inner: 1\r\nContent-Length: 0\r\n\r\n"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  Editor editor;
  gateway.editor = &editor;
  const auto answer = Ask(gateway, kGet);
  EXPECT_THAT(answer, HasSubstr("X-Added: yes\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("X-Inner")));
}

TEST(Relay, LongAnswerHeadsPass) {
  std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n";
  for (int i = 0; i < 10; ++i) head += "Set-Cookie: c" + std::to_string(i) + "=" + std::string(3000, 'v') + "\r\n";
  FakeUpstream upstream(Always(head + "\r\nok"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 0; i < 3; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nok"));
  }
  EXPECT_EQ(upstream.connections(), 1);
}

TEST(Relay, ManyClientsManyWorkers) {
  FakeUpstream upstream(Always(Ok("hello")));
  TestGateway gateway(TestGateway::To({upstream.port()}), {}, 2);
  std::vector<std::thread> clients;
  for (int t = 0; t < 6; ++t) {
    clients.emplace_back([&gateway] {
      for (int i = 0; i < 5; ++i) {
        auto client = gateway.Connect();
        for (int j = 0; j < 20; ++j) {
          client.Send(j % 2 == 0 ? kGet : "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
          ASSERT_THAT(client.ReadMessage(), EndsWith("hello"));
        }
      }
    });
  }
  for (auto& client : clients) client.join();
}

// --- tunnels -----------------------------------------------------------------------------------------------------------

constexpr std::string_view kHandshake =
    "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

std::string Switching(std::string_view accept) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(accept) + "\r\n\r\n";
}

TEST(Tunnel, BytesPassBothWaysUntilTheClientCloses) {
  std::latch closed(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    const auto request = socket.ReadUntil("\r\n\r\n");
    EXPECT_THAT(request, HasSubstr("Connection: Upgrade\r\nUpgrade: websocket\r\n"));
    EXPECT_THAT(request, HasSubstr("Sec-WebSocket-Key"));
    socket.Send(Switching(kAccept) + "server first");
    EXPECT_EQ(socket.ReadExactly(12), "client first");
    socket.Send(std::string(500000, 's'));
    EXPECT_EQ(socket.ReadExactly(500000), std::string(500000, 'c'));
    EXPECT_EQ(socket.ReadAll(), "");
    closed.count_down();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  auto client = gateway.Connect();
  client.Send(kHandshake);
  const auto head = client.ReadUntil("\r\n\r\n");
  EXPECT_THAT(head, StartsWith("HTTP/1.1 101"));
  EXPECT_THAT(head, HasSubstr("Upgrade: websocket\r\n"));
  EXPECT_THAT(head, HasSubstr("Connection: Upgrade\r\n"));
  EXPECT_EQ(client.ReadExactly(12), "server first");
  client.Send("client first");
  EXPECT_EQ(client.ReadExactly(500000), std::string(500000, 's'));
  client.Send(std::string(500000, 'c'));
  client.Close();
  closed.wait();
}

TEST(Tunnel, UpstreamThatClosesEndsIt) {
  FakeUpstream upstream(Once(Switching(kAccept) + "bye"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  auto client = gateway.Connect();
  client.Send(kHandshake);
  client.ReadUntil("\r\n\r\n");
  EXPECT_EQ(client.ReadAll(), "bye");
  EXPECT_FALSE(client.was_reset());
}

TEST(Tunnel, WrongAcceptIs502) {
  FakeUpstream upstream(Once(Switching("AAAAAAAAAAAAAAAAAAAAAAAAAAA=")));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  EXPECT_THAT(Ask(gateway, kHandshake), StartsWith("HTTP/1.1 502"));
}

TEST(Tunnel, RefusedHandshakeIsAnOrdinaryAnswer) {
  FakeUpstream upstream(Always("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  EXPECT_THAT(Ask(gateway, kHandshake), StartsWith("HTTP/1.1 403"));
}

TEST(Tunnel, S25_EarlyBytesAreNotForwardedButEndTheExchange) {
  std::latch ended(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    socket.Send(Switching(kAccept));
    EXPECT_EQ(socket.ReadAll(), "");
    ended.count_down();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  auto client = gateway.Connect();
  client.Send(std::string(kHandshake) + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.ReadAll(), "");
  ended.wait();
}

TEST(Tunnel, S5_AbortCutsBothSides) {
  std::atomic<Exchange*> running = nullptr;
  std::latch ended(1);
  FakeUpstream upstream([&](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    socket.Send(Switching(kAccept) + "x");
    EXPECT_EQ(socket.ReadAll(), "");
    ended.count_down();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  gateway.on_exchange = [&](Exchange& exchange) { running = &exchange; };
  auto client = gateway.Connect();
  client.Send(kHandshake);
  client.ReadUntil("\r\n\r\nx");
  gateway.server().workers().Post(0, [&] { running.load()->Abort(AbortReason::kSessionEnded); });
  EXPECT_TRUE(client.AtEnd());
  ended.wait();
}

TEST(Tunnel, IdleTunnelIsClosed) {
  FakeUpstream upstream([](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    socket.Send(Switching(kAccept));
    socket.ReadAll();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  gateway.websocket_accept = kAccept;
  gateway.tunnel_idle = 200ms;
  auto client = gateway.Connect();
  client.Send(kHandshake);
  client.ReadUntil("\r\n\r\n");
  EXPECT_TRUE(client.AtEnd());
}

}  // namespace
}  // namespace sallyport::net
