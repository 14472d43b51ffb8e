// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

class MailQueueContract : public StoreContract {
 protected:
  static QueuedMail MailTo(const std::string& to, std::int64_t due) {
    QueuedMail mail;
    mail.to = to;
    mail.subject = "Sübject";
    mail.sealed_message = std::string("\0\x01", 2);
    mail.created_at = At(0);
    mail.next_try = At(due);
    return mail;
  }
  MailQueue& queue() { return store_->mail_queue(); }
};
SALLYPORT_EVERY_BACKEND(MailQueueContract);

TEST_P(MailQueueContract, ClaimedMailIsLeased) {
  const std::int64_t late = Must(queue().Enqueue(MailTo("late@example.com", 20)));
  const std::int64_t early = Must(queue().Enqueue(MailTo("early@example.com", 10)));
  EXPECT_NE(late, early);
  EXPECT_TRUE(Must(queue().ClaimDue(At(9), At(100), 10)).empty());
  const auto due = Must(queue().ClaimDue(At(20), At(100), 10));
  ASSERT_EQ(due.size(), 2u);
  QueuedMail expected = MailTo("early@example.com", 100);
  expected.id = early;
  expected.tries = 1;
  EXPECT_EQ(due[0], expected);
  EXPECT_TRUE(Must(queue().ClaimDue(At(99), At(200), 10)).empty()) << "no other node sends it too";
  EXPECT_EQ(Must(queue().ClaimDue(At(100), At(200), 1)).size(), 1u);
}

TEST_P(MailQueueContract, SentMailGoesUnlessKept) {
  const std::int64_t a = Must(queue().Enqueue(MailTo("a@example.com", 0)));
  const std::int64_t b = Must(queue().Enqueue(MailTo("b@example.com", 0)));
  Must(queue().MarkSent(a, false));
  Must(queue().MarkSent(b, true));
  const auto left = Must(queue().ListNewest(10));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].id, b);
  EXPECT_EQ(left[0].state, "sent");
  EXPECT_TRUE(Must(queue().ClaimDue(At(99), At(100), 10)).empty());
  EXPECT_EQ(CodeOf(queue().MarkSent(a, false)), "not_found");
}

TEST_P(MailQueueContract, FailedMailIsTriedAgainOrGivenUp) {
  const std::int64_t id = Must(queue().Enqueue(MailTo("a@example.com", 0)));
  Must(queue().ClaimDue(At(0), At(100), 1));
  Must(queue().MarkFailed(id, At(50)));
  const auto again = Must(queue().ClaimDue(At(50), At(150), 1));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].tries, 2);
  Must(queue().MarkFailed(id, std::nullopt));
  EXPECT_TRUE(Must(queue().ClaimDue(At(9999), At(10000), 1)).empty());
  EXPECT_EQ(Must(queue().ListNewest(1))[0].state, "failed");
  EXPECT_EQ(CodeOf(queue().MarkFailed(id + 1, std::nullopt)), "not_found");
}

TEST_P(MailQueueContract, OldMailGoesWhateverItsStateInBatches) {
  for (int second = 0; second < 4; ++second) {
    QueuedMail mail = MailTo("a@example.com", 0);
    mail.created_at = At(second);
    const std::int64_t id = Must(queue().Enqueue(mail));
    if (second == 0) Must(queue().MarkFailed(id, std::nullopt));
    if (second == 1) Must(queue().MarkSent(id, true));
  }
  EXPECT_EQ(Must(queue().DeleteBefore(At(0), 10)), 0u);
  EXPECT_EQ(Must(queue().DeleteBefore(At(3), 2)), 2u);
  EXPECT_EQ(Must(queue().DeleteBefore(At(3), 2)), 1u);
  const auto left = Must(queue().ListNewest(10));
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].created_at, At(3));
}

}  // namespace
}  // namespace sallyport::store
