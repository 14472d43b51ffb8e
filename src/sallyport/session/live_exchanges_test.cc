// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/live_exchanges.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sallyport/session/session.h"

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

// Asks for the name that its context holds.
struct Asking {
  explicit Asking(std::string n) : name(std::move(n)) {}
  static bool Permits(void* self, const SessionData& data) { return data.name == static_cast<Asking*>(self)->name; }
  std::string name;
  int cuts = 0;
  LiveExchange live{[](void* self) { ++static_cast<Asking*>(self)->cuts; }, this, &Permits};
};

std::shared_ptr<const SessionData> Named(const char* name) {
  auto data = std::make_shared<SessionData>();
  data->name = name;
  return data;
}

TEST(LiveExchanges, S5_AChangeCutsThoseThatItDoesNotPermitAndNoOthers) {
  LiveExchanges list;
  Asking ada("Ada"), bob("Bob");
  int unasked = 0;
  LiveExchange other(CountCut, &unasked);
  for (auto* e : {&ada.live, &bob.live, &other}) e->LinkTo(list);
  list.CutUnlessPermitted(Named("Ada").get());
  EXPECT_EQ(ada.cuts, 0);
  EXPECT_EQ(bob.cuts, 1);
  EXPECT_EQ(unasked, 0);
  list.CutAll();
  EXPECT_EQ(ada.cuts, 1);
  EXPECT_EQ(bob.cuts, 1);
  EXPECT_EQ(unasked, 1);
}

TEST(LiveExchanges, S60_WhenNobodyCanSayWhatChangedAllThatAskAreCut) {
  LiveExchanges list;
  Asking ada("Ada");
  int unasked = 0;
  LiveExchange other(CountCut, &unasked);
  ada.live.LinkTo(list);
  other.LinkTo(list);
  list.Supersede({1, nullptr});
  EXPECT_EQ(ada.cuts, 1);
  EXPECT_EQ(unasked, 0);
}

TEST(LiveExchanges, S5_WhatLinksToASupersededListIsJudgedByTheLatestReading) {
  LiveExchanges list;
  list.Supersede({2, Named("Ada")});
  list.Supersede({1, Named("Bob")});  // read before, told later
  Asking ada("Ada"), bob("Bob");
  ada.live.LinkTo(list);
  bob.live.LinkTo(list);
  EXPECT_EQ(ada.cuts, 0);
  EXPECT_EQ(bob.cuts, 1);
  list.Supersede({3, Named("Eve")});
  EXPECT_EQ(ada.cuts, 1);
}

TEST(LiveExchanges, ACutForAChangeMayDestroyAnotherExchangeAndCloseTheList) {
  struct Context {
    LiveExchanges list;
    std::unique_ptr<Asking> victim = std::make_unique<Asking>("nobody");
    int kept = 0;
  } context;
  LiveExchange kept(CountCut, &context.kept);
  LiveExchange killer([](void* c) { static_cast<Context*>(c)->victim.reset(), static_cast<Context*>(c)->list.Close(); }, &context,
                      [](void*, const SessionData&) { return false; });
  context.victim->live.LinkTo(context.list);
  kept.LinkTo(context.list);
  killer.LinkTo(context.list);
  context.list.Supersede({1, Named("Ada")});
  EXPECT_EQ(context.victim, nullptr);
  EXPECT_EQ(context.kept, 1);
  EXPECT_TRUE(context.list.empty());
}

}  // namespace
}  // namespace sallyport::session
