// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/record_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/base/log.h"
#include "sallyport/store/store.h"
#include "support/fake_clock.h"
#include "support/run_task.h"

namespace sallyport::store {
namespace {

class FullAuditStore final : public AuditStore {
 public:
  Result<void> Append(model::AuditEvent) override { return Fail(Errc::kBusy, "the queue of writes is full"); }
  Task<std::vector<model::AuditEvent>> List(AuditQuery) override { co_return std::vector<model::AuditEvent>(); }
  Task<std::size_t> DeleteBefore(Timestamp, std::size_t) override { co_return std::size_t{0}; }
};

model::AuditEvent SignIn() {
  model::AuditEvent event;
  event.event = "signin";
  event.outcome = "failure";
  event.user_id = "u1";
  event.request_id = "r1";
  return event;
}

TEST(RecordEvent, S63_EventGetsTheTime) {
  const auto store = MakeMemoryStore();
  test::FakeClock clock;
  RecordEvent(store->audit(), clock, SignIn());
  model::AuditEvent expected = SignIn();
  expected.at = clock.Now();
  EXPECT_THAT(*test::RunTask(store->audit().List({})), testing::ElementsAre(expected));
}

TEST(RecordEvent, LongUserAgentIsCut) {
  const auto store = MakeMemoryStore();
  test::FakeClock clock;
  auto event = SignIn();
  event.user_agent = std::string(5000, 'x');
  RecordEvent(store->audit(), clock, event);
  EXPECT_EQ((*test::RunTask(store->audit().List({})))[0].user_agent.size(), 256u);
}

TEST(RecordEvent, S63_EventThatCannotBeQueuedIsInTheDiagnosticLog) {
  FullAuditStore full;
  test::FakeClock clock;
  testing::internal::CaptureStderr();
  RecordEvent(full, clock, SignIn());
  log::Flush();
  const auto text = testing::internal::GetCapturedStderr();
  for (const auto* part : {"an audit event was lost", "signin", "failure", "u1", "r1", "busy"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
}

}  // namespace
}  // namespace sallyport::store
