// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/file_guard.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdio>

#include "sallyport/base/log.h"

namespace sallyport::store::sqlite {
namespace {

constexpr const char* kRemedy =
    "put the file back (the server then goes on), or stop the server, restore a backup together with its -wal file or without "
    "one, and start it";

}  // namespace

FileGuard::FileGuard(std::string path)
    : path_(std::move(path)), database_(IdentityOf(path_)), log_(IdentityOf(path_ + "-wal")) {}

std::optional<FileGuard::Identity> FileGuard::IdentityOf(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return Identity{status.st_dev, status.st_ino};
}

// No other file is ever taken over while running: sessions, revocations and keys that are in memory belong to the first one.
Result<void> FileGuard::Check() {
  const auto now = IdentityOf(path_);
  const bool same = now && now == database_;
  if (same) {
    if (lost_.exchange(false)) log::Info("the store's file is back", {{"file", path_}});
    return {};
  }
  const char* what = now ? "the store's file was replaced by another one under this server"
                         : "the store's file was deleted or moved away under this server";
  if (!lost_.exchange(true)) log::Error(std::string(what) + ": it answers 503 until that is mended", {{"file", path_}, {"mend", kRemedy}});
  return Fail(Errc::kFileLost, fmt::format("{}: {}", path_, what));
}

void FileGuard::SetLogAside() {
  const auto now = IdentityOf(path_);
  const std::string log = path_ + "-wal";
  if (!now || now == database_ || !log_ || IdentityOf(log) != log_) return;
  const std::string aside = log + ".lost";
  const bool done = std::rename(log.c_str(), aside.c_str()) == 0;
  log::Warn(done ? "the write-ahead log of the former store was set aside" : "the write-ahead log of the former store is in the way: remove it",
            {{"file", done ? aside : log}});
}

}  // namespace sallyport::store::sqlite
