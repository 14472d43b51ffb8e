// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/cached_document.h"

#include <gtest/gtest.h>

#include "sallyport/async/spawn.h"
#include "sallyport/net/errc.h"
#include "sallyport/signin/errc.h"
#include "support/fake_clock.h"
#include "support/fake_http_client.h"
#include "support/fake_peer.h"

namespace sallyport::signin {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class CachedDocumentTest : public ::testing::Test {
 protected:
  CachedDocumentTest() { http_.Respond(200, "one"); }

  Result<std::string> Text(Task<CachedDocument::Content> task) {
    const auto content = test::RunTask(loop_, std::move(task));
    if (!content) return std::unexpected(content.error());
    return *static_cast<const std::string*>(content->get());
  }
  Result<std::string> Get() { return Text(document_.Get("https://id.example.com/keys")); }
  Result<std::string> GetNewer() { return Text(document_.GetNewer("https://id.example.com/keys")); }
  void BreakDown() {
    http_.Respond([](const net::OutboundRequest&) -> Result<net::OutboundResponse> { return Fail(net::Errc::kUpstreamTimeout); });
  }
  std::size_t fetches() const { return http_.requests().size(); }

  async::Loop loop_;
  test::FakeClock clock_;
  test::FakeHttpClient http_;
  CachedDocument document_{{.what = "the keys of work", .freshness = {minutes(1), hours(24), minutes(15)}},
                           [](std::string_view body) -> Result<CachedDocument::Content> {
                             if (body == "broken") return Fail(Errc::kProviderTrouble);
                             return std::make_shared<const std::string>(body);
                           },
                           http_, clock_};
};

TEST_F(CachedDocumentTest, S37_FetchesAreBoundedAndPublicUnlessAllowed) {
  ASSERT_EQ(Get(), "one");
  const auto request = http_.requests().at(0);
  EXPECT_EQ(request.method, "GET");
  EXPECT_FALSE(request.allow_private);
  EXPECT_LE(request.max_response_bytes, 256u * 1024);
  EXPECT_LE(request.timeout, seconds(5));
}

TEST_F(CachedDocumentTest, ACopyServesUntilItIsStale) {
  ASSERT_EQ(Get(), "one");
  http_.Respond(200, "two");
  clock_.Advance(minutes(15) - seconds(1));
  EXPECT_EQ(Get(), "one");
  clock_.Advance(seconds(1));
  EXPECT_EQ(Get(), "two");
  EXPECT_EQ(fetches(), 2u);
}

TEST_F(CachedDocumentTest, ManyWhoAskAtOnceAreOneFetch) {
  int answered = 0;
  for (int i = 0; i < 20; ++i) {
    async::Spawn(loop_.executor(), [](CachedDocument& document, int& count) -> Coroutine<void> {
      if (co_await document.Get("https://id.example.com/keys")) ++count;
    }(document_, answered), "test");
  }
  loop_.RunToEnd();
  EXPECT_EQ(answered, 20);
  EXPECT_EQ(fetches(), 1u);
}

TEST_F(CachedDocumentTest, S60_TheLastGoodCopyServesThroughAnOutage) {
  ASSERT_EQ(Get(), "one");
  clock_.Advance(minutes(16));
  BreakDown();
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(fetches(), 2u) << "the next try waits";
  clock_.Advance(kTryAgainAfter);
  EXPECT_EQ(Get(), "one");
  EXPECT_EQ(fetches(), 3u);
  clock_.Advance(kKeptThroughOutage);
  EXPECT_FALSE(Get()) << "but not for ever";
  http_.Respond(200, "two");
  EXPECT_EQ(Get(), "two");
}

TEST_F(CachedDocumentTest, AnAnswerThatIsNotUnderstoodReplacesNothing) {
  ASSERT_EQ(Get(), "one");
  clock_.Advance(minutes(16));
  http_.Respond(200, "broken");
  EXPECT_EQ(Get(), "one");
  clock_.Advance(minutes(1));
  http_.Respond(500, "two");
  EXPECT_EQ(Get(), "one");
}

TEST_F(CachedDocumentTest, WithoutACopyFailureIsTheAnswerAndEveryCallTriesAgain) {
  http_.Respond(302, "");
  const auto refused = Get();
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kProviderTrouble));
  BreakDown();
  EXPECT_TRUE(Get().error().Is(net::Errc::kUpstreamTimeout));
  http_.Respond(200, "one");
  EXPECT_EQ(Get(), "one");
}

TEST_F(CachedDocumentTest, S32_NewerIsFetchedAtMostOnceAMinute) {
  ASSERT_EQ(Get(), "one");
  http_.Respond(200, "two");
  EXPECT_EQ(GetNewer(), "two");
  http_.Respond(200, "three");
  EXPECT_EQ(GetNewer(), "two");
  clock_.Advance(kForcedRefetchEvery);
  EXPECT_EQ(GetNewer(), "three");
  EXPECT_EQ(fetches(), 3u);
}

TEST_F(CachedDocumentTest, AnotherAddressIsAnotherDocument) {
  ASSERT_EQ(Get(), "one");
  http_.Respond(200, "two");
  EXPECT_EQ(Text(document_.Get("https://id.example.com/other")), "two");
  BreakDown();
  EXPECT_FALSE(Get());
}

}  // namespace
}  // namespace sallyport::signin
