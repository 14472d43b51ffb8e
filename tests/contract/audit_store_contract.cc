// SPDX-License-Identifier: Apache-2.0
#include "store_contract.h"

namespace sallyport::store {
namespace {

class AuditStoreContract : public StoreContract {
 protected:
  static model::AuditEvent EventNamed(const std::string& event, const std::string& user) {
    return {At(1),  event,       "failure",     "bad_password", user,        "s1",
            "user", "192.0.2.1", "agent \"x\"", "r1",           R"({"n":1})"};
  }
  // Commands run in order, so that a later write that is done means that the events are stored.
  void Flush() { Must(store_->Check()); }
};
SALLYPORT_EVERY_BACKEND(AuditStoreContract);

TEST_P(AuditStoreContract, S63_EventsComeBackNewestFirst) {
  ASSERT_TRUE(store_->audit().Append(EventNamed("signin", "u1")));
  ASSERT_TRUE(store_->audit().Append(EventNamed("signout", "u1")));
  Flush();
  EXPECT_THAT(Must(store_->audit().List({})),
              testing::ElementsAre(EventNamed("signout", "u1"), EventNamed("signin", "u1")));
}

TEST_P(AuditStoreContract, FiltersByUserAndEventAndLimits) {
  for (const char* user : {"u1", "u2", ""}) {
    ASSERT_TRUE(store_->audit().Append(EventNamed("signin", user)));
    ASSERT_TRUE(store_->audit().Append(EventNamed("signout", user)));
  }
  Flush();
  EXPECT_EQ(Must(store_->audit().List({.user_id = "u1"})).size(), 2u);
  EXPECT_EQ(Must(store_->audit().List({.event = "signin"})).size(), 3u);
  EXPECT_EQ(Must(store_->audit().List({.user_id = "u2", .event = "signout"})).size(), 1u);
  EXPECT_EQ(Must(store_->audit().List({.limit = 4})).size(), 4u);
}

TEST_P(AuditStoreContract, OldEventsGoOldestFirstInBatches) {
  for (int second = 0; second < 5; ++second) {
    model::AuditEvent event = EventNamed("signin", "u1");
    event.at = At(second);
    ASSERT_TRUE(store_->audit().Append(event));
  }
  Flush();
  EXPECT_EQ(Must(store_->audit().DeleteBefore(At(0), 10)), 0u);
  EXPECT_EQ(Must(store_->audit().DeleteBefore(At(3), 2)), 2u);
  EXPECT_EQ(Must(store_->audit().DeleteBefore(At(3), 2)), 1u) << "what was written exactly then is kept";
  const auto left = Must(store_->audit().List({}));
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[1].at, At(3));
}

}  // namespace
}  // namespace sallyport::store
