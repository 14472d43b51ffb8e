// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

class StatisticsContract : public StoreContract {
 protected:
  StoreStatistics StatisticsAt(std::int64_t seconds) { return Must(store_->Statistics(At(seconds))); }
};
SALLYPORT_EVERY_BACKEND(StatisticsContract);

TEST_P(StatisticsContract, AnEmptyStoreHasNothing) {
  const auto statistics = StatisticsAt(0);
  EXPECT_EQ(statistics.sessions_live, 0u);
  EXPECT_EQ(statistics.mails_queued, 0u);
  EXPECT_EQ(statistics.mails_failed, 0u);
}

TEST_P(StatisticsContract, SessionsCountUntilTheirTimeIsOver) {
  AddUser("u1");
  AddSession("u1", "s1");  // idle end after 600 s
  AddSession("u1", "s2");
  EXPECT_EQ(StatisticsAt(599).sessions_live, 2u);
  EXPECT_EQ(StatisticsAt(600).sessions_live, 0u) << "though not swept yet";
  Must(store_->sessions().Revoke("s1", std::nullopt, model::EndReason::kSignedOut));
  EXPECT_EQ(StatisticsAt(599).sessions_live, 1u);
}

TEST_P(StatisticsContract, MailsCountByState) {
  QueuedMail mail;
  mail.to = "a@example.com";
  const auto first = Must(store_->mail_queue().Enqueue(mail));
  Must(store_->mail_queue().Enqueue(mail));
  Must(store_->mail_queue().MarkFailed(first, std::nullopt));
  EXPECT_EQ(StatisticsAt(0).mails_queued, 1u);
  EXPECT_EQ(StatisticsAt(0).mails_failed, 1u);
}

}  // namespace
}  // namespace sallyport::store
