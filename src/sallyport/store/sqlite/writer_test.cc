// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/writer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <latch>

#include "sallyport/store/store.h"
#include "support/run_task.h"
#include "support/temp_dir.h"

namespace sallyport::store::sqlite {
namespace {

// Holds the writer's thread until told to go on, so that what is submitted meanwhile becomes one batch.
class Gate final : public Command {
 public:
  explicit Gate(std::latch& reached, std::latch& open) : reached_(reached), open_(open) {}
  void Execute(Connection&) override {
    reached_.count_down();
    open_.wait();
  }
  void SetFailure(Error) override {}
  bool failed() const override { return false; }
  void Acknowledge() override {}

 private:
  std::latch& reached_;
  std::latch& open_;
};

// Inserts a key of its own choice and keeps the outcome.
class InsertKey final : public Command {
 public:
  InsertKey(std::string kid, std::optional<Error>& failure, std::latch& done)
      : kid_(std::move(kid)), failure_(failure), done_(done) {}
  void Execute(Connection& connection) override {
    Query(connection, "INSERT INTO signing_keys VALUES (?, 'ES256', x'00', '{}', 0, 0, NULL)", kid_).Run();
  }
  void SetFailure(Error error) override { failure_ = std::move(error); }
  bool failed() const override { return failure_.has_value(); }
  void Acknowledge() override { done_.count_down(); }

 private:
  const std::string kid_;
  std::optional<Error>& failure_;
  std::latch& done_;
};

class WriterTest : public testing::Test {
 protected:
  WriterTest() : path_(dir_.File("store.db")) {
    auto store = OpenSqliteStore({.path = path_});
    if (!store) throw std::runtime_error(store.error().ToLogString());
    guard_.emplace(path_);
  }
  std::unique_ptr<Writer> Make(std::size_t max_queued = 100) {
    return std::make_unique<Writer>(WriterOptions{path_, max_queued, 64},
                                    std::make_unique<Connection>(path_, Mode::kWriter), *guard_);
  }
  Result<std::int64_t> CountKeys(Writer& writer) {
    return test::RunTask(writer.Write<std::int64_t>([](Connection& c) -> Result<std::int64_t> {
      Query row(c, "SELECT count(*) FROM signing_keys");
      row.Step();
      return row.Integer(0);
    }));
  }
  // Some 400 KiB, more than a limit of a few pages has room for.
  static Task<void> InsertBigKey(Writer& writer, std::string kid) {
    return writer.Write<void>([kid = std::move(kid), big = std::string(400'000, 'x')](Connection& c) -> Result<void> {
      Query(c, "INSERT INTO signing_keys VALUES (?, 'ES256', x'00', ?, 0, 0, NULL)", kid, big).Run();
      return {};
    });
  }

  test::TempDir dir_;
  std::string path_;
  std::optional<FileGuard> guard_;
};

TEST_F(WriterTest, FailingCommandLeavesItsNeighboursOfTheBatchAlone) {
  auto writer = Make();
  std::latch reached(1), open(1), done(3);
  std::optional<Error> first, same, last;
  ASSERT_TRUE(writer->Submit(std::make_unique<Gate>(reached, open)));
  reached.wait();
  ASSERT_TRUE(writer->Submit(std::make_unique<InsertKey>("a", first, done)));
  ASSERT_TRUE(writer->Submit(std::make_unique<InsertKey>("a", same, done)));
  ASSERT_TRUE(writer->Submit(std::make_unique<InsertKey>("b", last, done)));
  open.count_down();
  done.wait();
  EXPECT_FALSE(first);
  ASSERT_TRUE(same);
  EXPECT_TRUE(same->Is(Errc::kConflict));
  EXPECT_FALSE(last);
  EXPECT_EQ(CountKeys(*writer), 2);
}

TEST_F(WriterTest, CommandThatReturnsAnErrorIsRolledBack) {
  auto writer = Make();
  const auto outcome = test::RunTask(writer->Write<void>([](Connection& c) -> Result<void> {
    Query(c, "INSERT INTO signing_keys VALUES ('a', 'ES256', x'00', '{}', 0, 0, NULL)").Run();
    return Fail(Errc::kNotFound);
  }));
  EXPECT_TRUE(outcome.error().Is(Errc::kNotFound));
  EXPECT_EQ(CountKeys(*writer), 0);
}

TEST_F(WriterTest, CommandThatThrowsIsRolledBack) {
  auto writer = Make();
  const auto outcome = test::RunTask(writer->Write<void>([](Connection& c) -> Result<void> {
    Query(c, "INSERT INTO signing_keys VALUES ('a', 'ES256', x'00', '{}', 0, 0, NULL)").Run();
    throw std::runtime_error("a bug");
  }));
  EXPECT_TRUE(outcome.error().Is(Errc::kUnavailable));
  EXPECT_EQ(CountKeys(*writer), 0);
}

TEST_F(WriterTest, FullQueueIsBusy) {
  auto writer = Make(2);
  std::latch reached(1), open(1), done(2);
  std::optional<Error> a, b, c;
  ASSERT_TRUE(writer->Submit(std::make_unique<Gate>(reached, open)));
  reached.wait();
  ASSERT_TRUE(writer->Submit(std::make_unique<InsertKey>("a", a, done)));
  ASSERT_TRUE(writer->Submit(std::make_unique<InsertKey>("b", b, done)));
  const auto refused = writer->Submit(std::make_unique<InsertKey>("c", c, done));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kBusy));
  open.count_down();
  done.wait();
  EXPECT_EQ(CountKeys(*writer), 2);
}

TEST_F(WriterTest, StopFinishesWhatWasAcceptedAndRefusesMore) {
  auto writer = Make();
  std::latch reached(1), open(1), done(1);
  std::optional<Error> failure, late;
  ASSERT_TRUE(writer->Submit(std::make_unique<Gate>(reached, open)));
  reached.wait();
  ASSERT_TRUE(writer->Submit(std::make_unique<InsertKey>("a", failure, done)));
  open.count_down();
  writer->Stop();
  EXPECT_TRUE(done.try_wait());
  EXPECT_FALSE(failure);
  const auto refused = writer->Submit(std::make_unique<InsertKey>("b", late, done));
  EXPECT_TRUE(refused.error().Is(Errc::kUnavailable));
}

TEST_F(WriterTest, S60_FileThatMayNotGrowIsUnavailableAndThenRecovers) {
  auto writer = Make();
  ASSERT_TRUE(test::RunTask(InsertBigKey(*writer, "before")));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto* const handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tiny{64 * 1024, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tiny), 0);
  const auto refused = test::RunTask(InsertBigKey(*writer, "refused"));
  const auto refused_again = test::RunTask(InsertBigKey(*writer, "refused"));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kUnavailable)) << refused.error().ToLogString();
  EXPECT_FALSE(refused_again);
  const auto after = test::RunTask(InsertBigKey(*writer, "after"));
  EXPECT_TRUE(after) << after.error().ToLogString();
  EXPECT_EQ(CountKeys(*writer), 2) << "what was refused is not there";
}

TEST_F(WriterTest, S60_FullDatabaseIsUnavailableAndThenRecovers) {
  auto writer = Make();
  // The limit belongs to the connection; the one that is opened after the failure has none.
  ASSERT_TRUE(test::RunTask(writer->Write<void>([](Connection& c) -> Result<void> {
    Query(c, "PRAGMA max_page_count = 60").Run();
    return {};
  })));
  const auto refused = test::RunTask(InsertBigKey(*writer, "a"));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kUnavailable)) << refused.error().ToLogString();
  EXPECT_EQ(CountKeys(*writer), 0);
}

TEST_F(WriterTest, S60_ReadOnlyIsUnavailableAndThenRecovers) {
  auto writer = Make();
  ASSERT_TRUE(test::RunTask(writer->Write<void>([](Connection& c) -> Result<void> {
    Query(c, "PRAGMA query_only = ON").Run();
    return {};
  })));
  const auto refused = test::RunTask(InsertBigKey(*writer, "a"));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().Is(Errc::kUnavailable)) << refused.error().ToLogString();
  EXPECT_TRUE(test::RunTask(InsertBigKey(*writer, "b"))) << "by a new connection";
  EXPECT_EQ(CountKeys(*writer), 1);
}

TEST_F(WriterTest, S60_LockedByAnotherProcessIsUnavailableNotWaitedForForever) {
  auto connection = std::make_unique<Connection>(path_, Mode::kWriter);
  sqlite3_busy_timeout(connection->handle(), 20);
  Writer writer(WriterOptions{path_, 100, 64}, std::move(connection), *guard_);
  Connection other(path_, Mode::kWriter);
  other.Exec("BEGIN IMMEDIATE");
  EXPECT_TRUE(test::RunTask(InsertBigKey(writer, "a")).error().Is(Errc::kUnavailable));
  other.Exec("ROLLBACK");
  EXPECT_EQ(CountKeys(writer), 0);
}

}  // namespace
}  // namespace sallyport::store::sqlite
