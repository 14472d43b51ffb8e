// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sallyport/store/store.h"

namespace sallyport::store {
namespace {

// The file stays when the lock goes: removing it would let two processes lock two different files of one name.
class FlockStoreLock final : public StoreLock {
 public:
  explicit FlockStoreLock(int fd) : fd_(fd) {}
  ~FlockStoreLock() override { ::close(fd_); }
  int descriptor() const override { return fd_; }

 private:
  const int fd_;
};

std::string LockPathOf(const std::string& path) { return path + ".lock"; }

// For people; the lock holds without it.
void WritePid(int fd) {
  const std::string pid = fmt::format("{}\n", ::getpid());
  [[maybe_unused]] const bool written = ::ftruncate(fd, 0) == 0 && ::pwrite(fd, pid.data(), pid.size(), 0) > 0;
}

}  // namespace

Result<std::unique_ptr<StoreLock>> TryLockSqliteStore(const std::string& path) {
  const std::string lock_path = LockPathOf(path);
  const int fd = ::open(lock_path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return Fail(Errc::kUnavailable, fmt::format("cannot open {}: {}", lock_path, std::strerror(errno)));
  auto lock = std::make_unique<FlockStoreLock>(fd);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::unique_ptr<StoreLock>();
    return Fail(Errc::kUnavailable, fmt::format("cannot lock {}: {}", lock_path, std::strerror(errno)));
  }
  WritePid(fd);
  return std::unique_ptr<StoreLock>(std::move(lock));
}

Result<std::unique_ptr<StoreLock>> AdoptStoreLock(const std::string& path, int descriptor) {
  auto lock = std::make_unique<FlockStoreLock>(descriptor);
  struct stat held {}, wanted {};
  if (::fstat(descriptor, &held) != 0 || ::stat(LockPathOf(path).c_str(), &wanted) != 0 || held.st_dev != wanted.st_dev ||
      held.st_ino != wanted.st_ino) {
    return Fail(Errc::kUnavailable, "the store has changed since the process that hands over was started; restart instead");
  }
  WritePid(descriptor);
  return lock;
}

}  // namespace sallyport::store
