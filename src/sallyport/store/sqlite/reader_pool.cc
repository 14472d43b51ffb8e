// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/sqlite/reader_pool.h"

#include <SQLiteCpp/Exception.h>

#include <exception>

namespace sallyport::store::sqlite {

ReaderPool::ReaderPool(std::string path, std::size_t threads, std::size_t max_queued, FileGuard& guard)
    : path_(std::move(path)),
      guard_(guard),
      pool_(async::ThreadPoolOptions{.name = "sqlite-reader", .threads = threads, .max_queued = max_queued}) {}

void ReaderPool::Stop() {
  pool_.Stop();
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

std::unique_ptr<Connection> ReaderPool::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(path_, Mode::kReader);
}

void ReaderPool::GiveBack(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

void ReaderPool::Observe(Moment asked) {
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - asked);
  const std::lock_guard lock(mutex_);
  latency_.Observe(static_cast<std::uint64_t>(took.count()));
}

LatencyTotals ReaderPool::latency() const {
  LatencyTotals totals;
  latency_.AddTo(totals);
  return totals;
}

Result<void> ReaderPool::WithConnection(const std::function<void(Connection&)>& use) {
  SALLYPORT_CHECK(guard_.Check());
  try {
    auto connection = Take();
    use(*connection);
    GiveBack(std::move(connection));
    return {};
  } catch (const SQLite::Exception& e) {
    return std::unexpected(ToError(e));
  } catch (const std::exception& e) {
    return Fail(Errc::kUnavailable, e.what());
  }
}

}  // namespace sallyport::store::sqlite
