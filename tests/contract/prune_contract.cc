// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/prune.h"

#include "store_contract.h"

namespace sallyport::store {
namespace {

constexpr RetentionOptions kKeep{std::chrono::hours(2), std::chrono::hours(1)};

class PruneContract : public StoreContract {
 protected:
  void PruneAt(std::int64_t seconds) { Must(Prune(*store_, kKeep, At(seconds))); }
  void AddEvents(int count) {
    for (int i = 0; i < count; ++i) {
      model::AuditEvent event;
      event.at = At(0);
      event.event = "signin";
      ASSERT_TRUE(store_->audit().Append(event));
    }
    Must(store_->Check());
  }
  std::size_t Events() { return Must(store_->audit().List({.limit = 100'000})).size(); }
};
SALLYPORT_EVERY_BACKEND(PruneContract);

TEST_P(PruneContract, EachKindGoesWhenItsTimeIsOver) {
  AddUser("u1");
  AddSession("u1", "s1");  // idle end after 600 s
  Must(store_->verification_tokens().Create(TokenFor("reset", "hash", "u1@example.com", "u1"), 3));  // expires after 3600 s
  AddEvents(1);
  QueuedMail mail;
  mail.to = "a@example.com";
  mail.created_at = At(100);
  Must(store_->mail_queue().Enqueue(mail));

  PruneAt(599);
  EXPECT_TRUE(Must(store_->sessions().FindById("s1")));
  PruneAt(600);
  EXPECT_FALSE(Must(store_->sessions().FindById("s1")));
  EXPECT_TRUE(Must(store_->verification_tokens().Find("hash", "reset", At(0))));
  PruneAt(3600);
  EXPECT_FALSE(Must(store_->verification_tokens().Find("hash", "reset", At(0))));
  EXPECT_EQ(Must(store_->mail_queue().ListNewest(9)).size(), 1u);
  PruneAt(3701);
  EXPECT_TRUE(Must(store_->mail_queue().ListNewest(9)).empty());
  EXPECT_EQ(Events(), 1u);
  PruneAt(7201);
  EXPECT_EQ(Events(), 0u);
}

TEST_P(PruneContract, ManyRowsGoInOneCall) {
  AddEvents(1200);
  PruneAt(7201);
  EXPECT_EQ(Events(), 0u);
}

}  // namespace
}  // namespace sallyport::store
