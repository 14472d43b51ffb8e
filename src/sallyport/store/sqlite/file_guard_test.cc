// SPDX-License-Identifier: Apache-2.0
// What a store does whose file is taken away or replaced while it is open.
#include "sallyport/store/sqlite/file_guard.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "sallyport/store/store.h"
#include "support/run_task.h"
#include "support/temp_dir.h"

namespace sallyport::store::sqlite {
namespace {

namespace fs = std::filesystem;

class FileGuardTest : public testing::Test {
 protected:
  static std::unique_ptr<Store> Open(const std::string& path) {
    auto store = OpenSqliteStore({.path = path});
    if (!store) throw std::runtime_error(store.error().ToLogString());
    return *std::move(store);
  }
  static Result<void> AddUser(Store& store, const std::string& id) {
    model::User user;
    user.id = id;
    return test::RunTask(store.users().Create(user, ""));
  }
  static bool HasUser(Store& store, const std::string& id) {
    const auto found = test::RunTask(store.users().FindById(id));
    if (!found) throw std::runtime_error(found.error().ToLogString());
    return found->has_value();
  }
  static bool IsLost(const Result<void>& result) { return !result && result.error().Is(Errc::kFileLost); }

  test::TempDir dir_;
  const std::string path_ = dir_.File("store.db");
  const std::string aside_ = dir_.File("aside.db");
};

TEST_F(FileGuardTest, S60_DeletedFileIsNoticedByReadsAndWrites) {
  const auto store = Open(path_);
  ASSERT_TRUE(AddUser(*store, "before"));
  fs::remove(path_);
  EXPECT_TRUE(test::RunTask(store->users().FindById("before")).error().Is(Errc::kFileLost));
  EXPECT_TRUE(IsLost(AddUser(*store, "after")));
  EXPECT_TRUE(IsLost(test::RunTask(store->Check())));
  EXPECT_FALSE(fs::exists(path_)) << "nobody makes an empty one";
}

TEST_F(FileGuardTest, S60_FileThatComesBackIsGoneOnWithAndHasEverything) {
  const auto store = Open(path_);
  ASSERT_TRUE(AddUser(*store, "before"));
  fs::rename(path_, aside_);
  EXPECT_TRUE(IsLost(AddUser(*store, "refused")));
  EXPECT_TRUE(IsLost(AddUser(*store, "refused too")));
  fs::rename(aside_, path_);
  EXPECT_TRUE(AddUser(*store, "after"));
  EXPECT_TRUE(HasUser(*store, "before"));
  EXPECT_TRUE(HasUser(*store, "after"));
  EXPECT_FALSE(HasUser(*store, "refused"));
  EXPECT_FALSE(HasUser(*store, "refused too"));
}

TEST_F(FileGuardTest, S60_OtherFileInItsPlaceIsNeitherReadNorWritten) {
  {
    const auto other = Open(aside_);
    ASSERT_TRUE(AddUser(*other, "of the other"));
  }
  {
    const auto store = Open(path_);
    ASSERT_TRUE(AddUser(*store, "ours"));
    fs::rename(aside_, path_);
    EXPECT_TRUE(test::RunTask(store->users().FindById("of the other")).error().Is(Errc::kFileLost));
    EXPECT_TRUE(IsLost(AddUser(*store, "refused")));
  }
  // And the log of ours, which would have been applied to it, is out of the way.
  EXPECT_TRUE(fs::exists(path_ + "-wal.lost"));
  const auto store = Open(path_);
  EXPECT_TRUE(HasUser(*store, "of the other"));
  EXPECT_FALSE(HasUser(*store, "ours"));
  EXPECT_FALSE(HasUser(*store, "refused"));
  EXPECT_TRUE(AddUser(*store, "later"));
}

TEST_F(FileGuardTest, LogThatCameWithTheOtherFileIsLeftAlone) {
  const auto other = Open(aside_);
  ASSERT_TRUE(AddUser(*other, "of the other"));
  {
    const auto store = Open(path_);
    ASSERT_TRUE(AddUser(*store, "ours"));
    fs::rename(aside_, path_);
    fs::rename(aside_ + "-wal", path_ + "-wal");
    EXPECT_TRUE(IsLost(AddUser(*store, "refused")));
  }
  EXPECT_FALSE(fs::exists(path_ + "-wal.lost"));
  EXPECT_TRUE(fs::exists(path_ + "-wal"));
}

}  // namespace
}  // namespace sallyport::store::sqlite
