// SPDX-License-Identifier: Apache-2.0
// What is particular to the file: opening, migrations, modes, locks, damage. The interfaces are tested in
// tests/contract.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "sallyport/store/sqlite/migrations.h"
#include "sallyport/store/store.h"
#include "support/run_task.h"
#include "support/temp_dir.h"

namespace sallyport::store::sqlite {
namespace {

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

model::User UserNamed(const std::string& id) {
  model::User user;
  user.id = id;
  return user;
}

class SqliteStoreTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Store>> Open() { return OpenSqliteStore({.path = path_}); }
  void Overwrite(const std::string& content) { std::ofstream(path_, std::ios::binary | std::ios::trunc) << content; }

  test::TempDir dir_;
  std::string path_ = dir_.File("store.db");
};

TEST_F(SqliteStoreTest, S62_FilesAreForTheOwnerOnly) {
  const mode_t before = ::umask(0);
  auto store = Open();
  ASSERT_TRUE(store);
  ASSERT_TRUE(test::RunTask((*store)->users().Create(UserNamed("u1"), "")));
  auto lock = TryLockSqliteStore(path_);
  ::umask(before);
  for (const char* suffix : {"", "-wal", "-shm", ".lock"}) EXPECT_EQ(ModeOf(path_ + suffix), 0600u) << suffix;
}

TEST_F(SqliteStoreTest, WiderModesAreTakenBack) {
  ASSERT_TRUE(Open());
  ::chmod(path_.c_str(), 0644);
  ASSERT_TRUE(Open());
  EXPECT_EQ(ModeOf(path_), 0600u);
}

TEST_F(SqliteStoreTest, ContentIsThereAfterReopening) {
  {
    auto store = Open();
    ASSERT_TRUE(store);
    ASSERT_TRUE(test::RunTask((*store)->users().Create(UserNamed("u1"), "phc")));
    (*store)->Close();
  }
  auto store = Open();
  ASSERT_TRUE(store) << store.error().ToLogString();
  EXPECT_TRUE(*test::RunTask((*store)->users().FindById("u1")));
  EXPECT_TRUE(test::RunTask((*store)->Check()));
}

TEST_F(SqliteStoreTest, ClosedStoreIsUnavailable) {
  auto store = Open();
  ASSERT_TRUE(store);
  (*store)->Close();
  EXPECT_TRUE(test::RunTask((*store)->users().FindById("u1")).error().Is(Errc::kUnavailable));
  EXPECT_TRUE(test::RunTask((*store)->users().Create(UserNamed("u1"), "")).error().Is(Errc::kUnavailable));
  EXPECT_TRUE((*store)->audit().Append({}).error().Is(Errc::kUnavailable));
}

TEST_F(SqliteStoreTest, MissingFolderIsNamed) {
  const auto store = OpenSqliteStore({.path = dir_.File("no/such/store.db")});
  ASSERT_FALSE(store);
  EXPECT_TRUE(store.error().Is(Errc::kUnavailable));
  EXPECT_NE(store.error().detail.find("folder"), std::string::npos) << store.error().detail;
}

TEST_F(SqliteStoreTest, FileThatIsNoDatabaseIsCorrupt) {
  Overwrite(std::string(8192, 'x'));
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_TRUE(store.error().Is(Errc::kCorrupt)) << store.error().ToLogString();
  EXPECT_NE(store.error().detail.find("restore a backup"), std::string::npos);
}

TEST_F(SqliteStoreTest, DamagedPagesAreCorruptNeverAnAnswer) {
  {
    auto store = Open();
    ASSERT_TRUE(store);
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(test::RunTask((*store)->users().Create(UserNamed("u" + std::to_string(i)), "phc")));
    }
    (*store)->Close();
  }
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(4096);
  file << std::string(16 * 4096, '\xff');
  file.close();
  auto store = Open();
  const bool refused = !store && store.error().Is(Errc::kCorrupt);
  const bool refuses = store && test::RunTask((*store)->users().List({})).error().Is(Errc::kCorrupt);
  EXPECT_TRUE(refused || refuses);
}

TEST_F(SqliteStoreTest, DatabaseOfAnotherProgramIsLeftAlone) {
  SQLite::Database(path_, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE theirs (x)");
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_TRUE(store.error().Is(Errc::kCorrupt));
  EXPECT_NE(store.error().detail.find("another program"), std::string::npos);
}

TEST_F(SqliteStoreTest, LaterSchemaIsTooNew) {
  ASSERT_TRUE(Open());
  SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("INSERT INTO schema_migrations VALUES (9999, 'future', 0, '')");
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_TRUE(store.error().Is(Errc::kTooNew));
}

TEST_F(SqliteStoreTest, EditedMigrationIsNoticed) {
  ASSERT_TRUE(Open());
  SQLite::Database(path_, SQLite::OPEN_READWRITE).exec("UPDATE schema_migrations SET checksum = 'other'");
  const auto store = Open();
  ASSERT_FALSE(store);
  EXPECT_TRUE(store.error().Is(Errc::kCorrupt));
}

TEST_F(SqliteStoreTest, MigrationThatFailsLeavesTheOldSchema) {
  ASSERT_TRUE(Open());
  std::vector<Migration> migrations(Migrations().begin(), Migrations().end());
  const auto next = static_cast<std::int64_t>(migrations.size()) + 1;
  migrations.push_back({next, "broken", "CREATE TABLE half (x); CREATE TABLE users (again)"});
  {
    Connection connection(path_, Mode::kWriter);
    EXPECT_THROW(static_cast<void>(ApplyMigrations(connection, migrations, Timestamp())), SQLite::Exception);
    EXPECT_FALSE(Query(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'half'").Step());
    migrations.back() = {next, "good", "CREATE TABLE whole (x)"};
    EXPECT_TRUE(ApplyMigrations(connection, migrations, Timestamp()));
  }
  EXPECT_TRUE(Open().error().Is(Errc::kTooNew)) << "the schema is from a later program now";
}

TEST_F(SqliteStoreTest, SessionsFromBeforeProvidersWereKeptAreFoundByTheirMethod) {
  Overwrite("");   // SQLite takes it for a new database; a writer's connection makes no file
  {
    Connection connection(path_, Mode::kWriter);
    ASSERT_TRUE(ApplyMigrations(connection, Migrations().first(2), Timestamp()));
    for (const char* insert : {"INSERT INTO sessions (id, \"userId\", method, expires, absolute_end, auth_time, last_seen) VALUES ('old', 'u1', 'work', 9, 9, 1, 1)",
                               "INSERT INTO sessions (id, \"userId\", method, expires, absolute_end, auth_time, last_seen) VALUES ('pwd', 'u1', 'password', 9, 9, 1, 1)"}) {
      connection.Exec(insert);
    }
  }
  auto store = Open();
  ASSERT_TRUE(store);
  const auto found = test::RunTask((*store)->sessions().FindAtProvider("work", {"", "sid"}));
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, std::vector<model::SessionId>{"old"});
}

TEST_F(SqliteStoreTest, MigrationsAreNumberedWithoutHoles) {
  std::int64_t expected = 1;
  for (const Migration& migration : Migrations()) EXPECT_EQ(migration.version, expected++);
  EXPECT_GT(expected, 1);
}

TEST_F(SqliteStoreTest, ManyOpenANewFileAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> opened = 0;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      auto store = Open();
      if (!store) return;
      if (test::RunTask((*store)->users().Create(UserNamed("u" + std::to_string(i)), ""))) ++opened;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(opened, 6);
}

TEST_F(SqliteStoreTest, TwoProcessesShareTheFile) {
  auto store = Open();
  ASSERT_TRUE(store);
  (*store)->Close();
  store->reset();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto theirs = Open();
    const bool fine = theirs && test::RunTask((*theirs)->users().Create(UserNamed("child"), ""));
    ::_exit(fine ? 0 : 1);
  }
  auto ours = Open();
  ASSERT_TRUE(ours) << ours.error().ToLogString();
  EXPECT_TRUE(test::RunTask((*ours)->users().Create(UserNamed("parent"), "")));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(test::RunTask((*ours)->users().List({}))->size(), 2u);
}

TEST_F(SqliteStoreTest, LockIsHeldOnceAndNamesItsHolder) {
  auto lock = TryLockSqliteStore(path_);
  ASSERT_TRUE(lock && *lock);
  auto second = TryLockSqliteStore(path_);
  ASSERT_TRUE(second);
  EXPECT_EQ(*second, nullptr);
  std::string pid;
  std::ifstream(path_ + ".lock") >> pid;
  EXPECT_EQ(pid, std::to_string(::getpid()));
  lock->reset();
  auto third = TryLockSqliteStore(path_);
  EXPECT_TRUE(third && *third);
}

TEST_F(SqliteStoreTest, LockInAMissingFolderIsAnError) {
  EXPECT_TRUE(TryLockSqliteStore(dir_.File("no/such/store.db")).error().Is(Errc::kUnavailable));
}

}  // namespace
}  // namespace sallyport::store::sqlite
