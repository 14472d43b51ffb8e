// SPDX-License-Identifier: Apache-2.0
// A child signs people in and reports each acknowledged session through a pipe, until it is killed. Whatever it
// reported must be there when the file is opened again.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "sallyport/store/store.h"
#include "support/run_task.h"
#include "support/temp_dir.h"

namespace sallyport::store {
namespace {

constexpr int kRounds = 12;
constexpr int kWriters = 4;
constexpr std::size_t kIdBytes = 16;

model::SessionRecord SessionNamed(const std::string& id) {
  model::SessionRecord session;
  session.id = id;
  session.user_id = "somebody";
  session.method = "adopted";
  session.idle_end = session.absolute_end = FromUnixSeconds(4'000'000'000);
  return session;
}

void WriteUntilKilled(Store& store, int round, int writer, int pipe) {
  for (int n = 0;; ++n) {
    std::string id = std::to_string(round) + "." + std::to_string(writer) + "." + std::to_string(n);
    id.resize(kIdBytes, '_');
    if (!test::RunTask(store.sessions().CompleteSignIn({SessionNamed(id), std::nullopt}))) ::_exit(1);
    if (::write(pipe, id.data(), id.size()) != static_cast<ssize_t>(id.size())) ::_exit(2);
  }
}

[[noreturn]] void RunChild(const std::string& path, int round, int pipe) {
  auto store = OpenSqliteStore({.path = path});
  if (!store) ::_exit(3);
  std::vector<std::thread> writers;
  for (int i = 0; i < kWriters; ++i) writers.emplace_back([&, i] { WriteUntilKilled(**store, round, i, pipe); });
  for (auto& writer : writers) writer.join();
  ::_exit(4);
}

// Reads ids from the pipe; kills the child after the `kill_after`-th, which is in the midst of its writing.
void CollectAndKill(int pipe, pid_t child, std::size_t kill_after, std::set<std::string>& acknowledged) {
  std::string id(kIdBytes, '\0');
  std::size_t seen = 0;
  while (::read(pipe, id.data(), id.size()) == static_cast<ssize_t>(id.size())) {
    acknowledged.insert(id);
    if (++seen == kill_after) ::kill(child, SIGKILL);
  }
}

TEST(SqliteCrash, S61_KillAtAnyMomentLosesNoAcknowledgedWrite) {
  const test::TempDir dir;
  const std::string path = dir.File("store.db");
  std::set<std::string> acknowledged;
  for (int round = 0; round < kRounds; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      RunChild(path, round, ends[1]);
    }
    ::close(ends[1]);
    CollectAndKill(ends[0], child, 1 + round * 7, acknowledged);
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child ended by itself: " << status;
  }
  auto store = OpenSqliteStore({.path = path});
  ASSERT_TRUE(store) << store.error().ToLogString();
  for (const std::string& id : acknowledged) {
    const auto found = test::RunTask((*store)->sessions().FindById(id));
    ASSERT_TRUE(found) << found.error().ToLogString();
    EXPECT_TRUE(*found) << id << " was acknowledged and is gone";
  }
}

}  // namespace
}  // namespace sallyport::store
