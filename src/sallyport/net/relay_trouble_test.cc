// SPDX-License-Identifier: Apache-2.0
// Upstreams that reset, stall, trickle, lie about lengths, or never come to an end: what the client gets, and that neither it
// nor the next request waits for ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "sallyport/net/relay.h"
#include "support/net_fixture.h"

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
constexpr std::string_view kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

std::string Ask(TestGateway& gateway, std::string_view request = kGet) {
  auto client = gateway.Connect();
  client.Send(request);
  return client.ReadMessage();
}

// Misbehaves on the first connection, and is well on every later one.
FakeUpstream::Script FirstThenWell(FakeUpstream::Script first) {
  auto connections = std::make_shared<std::atomic<int>>(0);
  return [first = std::move(first), connections](RawSocket& socket) {
    if (connections->fetch_add(1) == 0) return first(socket);
    while (!socket.ReadMessage().empty()) socket.Send(kOk);
  };
}

// Sends a byte at a time, with a pause before each, until the gateway has gone.
void Trickle(RawSocket& socket, std::string_view text, std::chrono::milliseconds pause) {
  for (std::size_t i = 0; socket.Send({&text[i % text.size()], 1}); ++i) std::this_thread::sleep_for(pause);
}

TEST(RelayTrouble, AnUpstreamThatResetsInsteadOfAnsweringIs502AndTheNextRequestGoesThrough) {
  FakeUpstream upstream(FirstThenWell([](RawSocket& socket) {
    socket.ReadMessage();
    socket.Reset();
  }));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 502"));
  client.Send(kGet);
  EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nok")) << "on the same connection";
}

TEST(RelayTrouble, AnUpstreamThatResetsWithinItsHeadIs502) {
  FakeUpstream upstream(FirstThenWell([](RawSocket& socket) {
    socket.ReadMessage();
    socket.Send("HTTP/1.1 200 OK\r\nContent-Le");
    socket.Reset();
  }));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  EXPECT_THAT(Ask(gateway), StartsWith("HTTP/1.1 502"));
  EXPECT_THAT(Ask(gateway), EndsWith("ok"));
}

TEST(RelayTrouble, S26_AResetWithinTheBodyCutsTheClient) {
  for (const std::string_view begun : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n",
                                       "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbegun"}) {
    std::atomic<bool> arrived = false;
    FakeUpstream upstream(FirstThenWell([&](RawSocket& socket) {
      socket.ReadMessage();
      socket.Send(begun);
      while (!arrived) std::this_thread::sleep_for(1ms);
      socket.Reset();
    }));
    TestGateway gateway(TestGateway::To({upstream.port()}));
    auto client = gateway.Connect();
    client.Send(kGet);
    EXPECT_THAT(client.ReadUntil("begun"), HasSubstr("200 OK"));
    arrived = true;
    EXPECT_THAT(client.ReadAll(), Not(EndsWith("0\r\n\r\n")));
    EXPECT_TRUE(client.was_reset()) << begun;
    EXPECT_THAT(Ask(gateway), EndsWith("ok"));
  }
}

TEST(RelayTrouble, AnUpstreamThatStallsWithinItsBodyIsGivenUpAfterTheIdleTimeOut) {
  for (const std::string_view begun : {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n",
                                       "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbegun"}) {
    FakeUpstream upstream([&](RawSocket& socket) {
      if (socket.ReadMessage().empty()) return;
      socket.Send(begun);
      EXPECT_TRUE(socket.AtEnd()) << "the gateway has closed it";
    });
    auto options = TestGateway::To({upstream.port()});
    options.idle_timeout = 200ms;
    TestGateway gateway(options);
    auto client = gateway.Connect();
    client.Send(kGet);
    EXPECT_THAT(client.ReadUntil("begun"), HasSubstr("200 OK"));
    EXPECT_THAT(client.ReadAll(), Not(EndsWith("0\r\n\r\n")));
    EXPECT_TRUE(client.was_reset()) << begun;
  }
}

TEST(RelayTrouble, AnAnswerThatTricklesWithinTheTimeOutsArrivesWhole) {
  FakeUpstream upstream([](RawSocket& socket) {
    while (!socket.ReadMessage().empty()) {
      for (const char c : std::string_view("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n3\r\nay!\r\n0\r\nX-Trailer: z\r\n\r\n")) socket.Send({&c, 1});
    }
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 0; i < 3; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nokay!"));
  }
  EXPECT_EQ(upstream.connections(), 1) << "and its connection is used again";
}

TEST(RelayTrouble, AHeadThatTricklesForEverIs504ThoughEachByteComesInTime) {
  FakeUpstream upstream([](RawSocket& socket) {
    if (socket.ReadMessage().empty()) return;
    socket.Send("HTTP/1.1 200 OK\r\n");
    Trickle(socket, "X-A: b\r\n", 20ms);
  });
  auto options = TestGateway::To({upstream.port()});
  options.head_timeout = 300ms;
  TestGateway gateway(options);
  EXPECT_THAT(Ask(gateway), StartsWith("HTTP/1.1 504"));
}

TEST(RelayTrouble, AHeadWithoutEndIs502AndBounded) {
  for (const std::string_view endless : {"X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"}) {
    std::atomic<std::size_t> sent = 0;
    FakeUpstream upstream(FirstThenWell([&](RawSocket& socket) {
      socket.ReadMessage();
      socket.Send("HTTP/1.1 200 OK\r\nX-B: ");
      std::string piece;
      while (piece.size() < 4096) piece += endless;
      while (socket.Send(piece)) sent += piece.size();
    }));
    TestGateway gateway(TestGateway::To({upstream.port()}));
    EXPECT_THAT(Ask(gateway), StartsWith("HTTP/1.1 502"));
    EXPECT_THAT(Ask(gateway), EndsWith("ok"));
    EXPECT_LT(sent, 32u << 20) << "what went into the kernel's buffers";
  }
}

TEST(RelayTrouble, InterimAnswersWithoutEndAre502) {
  FakeUpstream upstream(FirstThenWell([](RawSocket& socket) {
    socket.ReadMessage();
    while (socket.Send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")) {
    }
  }));
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  client.Send(kGet);
  std::string last;
  int interim = 0;
  for (; (last = client.ReadUntil("\r\n\r\n")).starts_with("HTTP/1.1 103"); ++interim) {
  }
  EXPECT_THAT(last, StartsWith("HTTP/1.1 502"));
  EXPECT_EQ(interim, 16);
  EXPECT_THAT(Ask(gateway), EndsWith("ok"));
}

TEST(RelayTrouble, InterimAnswersThatTrickleForEverAre504) {
  FakeUpstream upstream([](RawSocket& socket) {
    if (socket.ReadMessage().empty()) return;
    Trickle(socket, "HTTP/1.1 103 Early Hints\r\n\r\n", 10ms);
  });
  auto options = TestGateway::To({upstream.port()});
  options.head_timeout = 400ms;
  TestGateway gateway(options);
  auto client = gateway.Connect();
  client.Send(kGet);
  std::string last;
  while ((last = client.ReadUntil("\r\n\r\n")).starts_with("HTTP/1.1 103")) {
  }
  EXPECT_THAT(last, StartsWith("HTTP/1.1 504"));
}

TEST(RelayTrouble, S25_ABodyLongerThanItsLengthEndsWhereItSaidAndTheRestIsThrownAway) {
  FakeUpstream upstream([](RawSocket& socket) {
    if (!socket.ReadMessage().empty()) socket.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
    socket.ReadMessage();
  });
  TestGateway gateway(TestGateway::To({upstream.port()}));
  auto client = gateway.Connect();
  for (int i = 1; i <= 3; ++i) {
    client.Send(kGet);
    EXPECT_THAT(client.ReadMessage(), EndsWith("\r\n\r\nok"));
    EXPECT_EQ(upstream.connections(), i);
  }
}

TEST(RelayTrouble, S26_ChunksThatAreNotChunksCutTheClient) {
  for (const std::string_view bad : {"zz\r\nok\r\n0\r\n\r\n", "-2\r\nok\r\n0\r\n\r\n", "2\r\nokay\r\n0\r\n\r\n", "ffffffffffffffffff\r\nok", "2 \nok\r\n0\r\n\r\n", "0x2\r\nok\r\n0\r\n\r\n"}) {
    FakeUpstream upstream(FirstThenWell([&](RawSocket& socket) {
      socket.ReadMessage();
      socket.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n" + std::string(bad));
      socket.ReadMessage();
    }));
    TestGateway gateway(TestGateway::To({upstream.port()}));
    auto client = gateway.Connect();
    client.Send(kGet);
    const auto got = client.ReadAll();
    EXPECT_THAT(got, Not(EndsWith("0\r\n\r\n"))) << bad;
    EXPECT_TRUE(got.empty() || client.was_reset() || got.starts_with("HTTP/1.1 502")) << bad << " gave " << got;
    EXPECT_THAT(Ask(gateway), EndsWith("ok")) << bad;
  }
}

TEST(RelayTrouble, AnUpstreamThatTakesNoBodyDoesNotHoldTheClientForEver) {
  FakeUpstream upstream([](RawSocket& socket) {
    socket.ReadUntil("\r\n\r\n");
    socket.AtEnd();
  });
  auto options = TestGateway::To({upstream.port()});
  options.head_timeout = 400ms;
  TestGateway gateway(options);
  auto client = gateway.Connect();
  client.Send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n");
  client.Send("ok");
  EXPECT_THAT(client.ReadMessage(), StartsWith("HTTP/1.1 504"));
}

}  // namespace
}  // namespace sallyport::net
