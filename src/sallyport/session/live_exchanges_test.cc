// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/live_exchanges.h"

#include <gtest/gtest.h>

#include <memory>

namespace sallyport::session {
namespace {

void CountCut(void* context) { ++*static_cast<int*>(context); }

TEST(LiveExchanges, S5_CutAllCallsEachOnceAndUnlinks) {
  LiveExchanges list;
  int a = 0, b = 0;
  LiveExchange first(CountCut, &a), second(CountCut, &b);
  first.LinkTo(list);
  second.LinkTo(list);
  list.CutAll();
  list.CutAll();
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, 1);
  EXPECT_TRUE(list.empty());
}

TEST(LiveExchanges, AnEndedExchangeUnlinksItselfFromAnyPlace) {
  LiveExchanges list;
  int cuts = 0;
  auto first = std::make_unique<LiveExchange>(CountCut, &cuts);
  auto middle = std::make_unique<LiveExchange>(CountCut, &cuts);
  auto last = std::make_unique<LiveExchange>(CountCut, &cuts);
  for (auto* e : {first.get(), middle.get(), last.get()}) e->LinkTo(list);
  middle.reset();
  last.reset();
  list.CutAll();
  EXPECT_EQ(cuts, 1);
}

TEST(LiveExchanges, ACutMayDestroyAnotherExchange) {
  LiveExchanges list;
  int cuts = 0;
  auto victim = std::make_unique<LiveExchange>(CountCut, &cuts);
  LiveExchange killer([](void* v) { static_cast<std::unique_ptr<LiveExchange>*>(v)->reset(); }, &victim);
  victim->LinkTo(list);
  killer.LinkTo(list);
  list.CutAll();
  EXPECT_EQ(cuts, 0);
  EXPECT_TRUE(list.empty());
}

TEST(LiveExchanges, S5_AnExchangeThatLinksAfterTheEndIsCutAtOnce) {
  LiveExchanges list;
  list.Close();
  int cuts = 0;
  LiveExchange late(CountCut, &cuts);
  late.LinkTo(list);
  EXPECT_EQ(cuts, 1);
  EXPECT_TRUE(list.empty());
}

TEST(LiveExchanges, TakeFromMovesEverything) {
  LiveExchanges from, to;
  int cuts = 0;
  LiveExchange a(CountCut, &cuts), b(CountCut, &cuts), c(CountCut, &cuts);
  a.LinkTo(from);
  b.LinkTo(from);
  c.LinkTo(to);
  to.TakeFrom(from);
  EXPECT_TRUE(from.empty());
  to.CutAll();
  EXPECT_EQ(cuts, 3);
}

TEST(LiveExchanges, ADyingListLeavesItsExchangesUncut) {
  int cuts = 0;
  LiveExchange exchange(CountCut, &cuts);
  {
    LiveExchanges list;
    exchange.LinkTo(list);
  }
  exchange.Unlink();
  EXPECT_EQ(cuts, 0);
}

}  // namespace
}  // namespace sallyport::session
