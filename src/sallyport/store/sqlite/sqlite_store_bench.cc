// SPDX-License-Identifier: Apache-2.0
// Durable sign-ins a second with 32 waiting at a time, and reads by token hash.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/store/store.h"

namespace sallyport::store {
namespace {

class BenchStore {
 public:
  BenchStore() {
    std::string pattern = (std::filesystem::current_path() / "sallyport-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    dir_ = pattern;
    auto opened = OpenSqliteStore({.path = dir_ + "/store.db"});
    if (!opened) throw std::runtime_error(opened.error().ToLogString());
    store_ = *std::move(opened);
  }
  ~BenchStore() {
    store_.reset();
    std::filesystem::remove_all(dir_);
  }
  Store& operator*() { return *store_; }

 private:
  std::string dir_;
  std::unique_ptr<Store> store_;
};

model::SessionRecord SessionNumber(std::uint64_t n) {
  model::SessionRecord session;
  session.id = "session-" + std::to_string(n);
  model::TokenHash hash{};
  // Spread over the index as real hashes are.
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<std::uint8_t>((n * 0x9e3779b97f4a7c15ULL) >> (i % 8 * 8));
  session.token_hash = hash;
  session.user_id = "user";
  session.method = "adopted";
  session.idle_end = session.absolute_end = FromUnixSeconds(4'000'000'000);
  session.user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
  return session;
}

Coroutine<void> SignIn(Store& store, std::uint64_t n) {
  CompleteSignInCommand command{SessionNumber(n), std::nullopt};
  auto done = co_await store.sessions().CompleteSignIn(std::move(command));
  if (!done) throw std::runtime_error(done.error().ToLogString());
}

Coroutine<void> Read(Store& store, std::uint64_t n) {
  auto found = co_await store.sessions().FindByTokenHash(*SessionNumber(n).token_hash);
  if (!found || !*found) throw std::runtime_error("not found");
}

template <class F>
void RunMany(async::Loop& loop, std::size_t count, F task) {
  for (std::size_t i = 0; i < count; ++i) async::Spawn(loop.executor(), task(i), "bench");
  loop.RunToEnd();
}

void DurableSignIns(benchmark::State& state) {
  async::Loop loop;
  BenchStore store;
  const auto at_once = static_cast<std::size_t>(state.range(0));
  std::uint64_t n = 0;
  for (auto _ : state) {
    RunMany(loop, at_once, [&](std::size_t i) { return SignIn(*store, n + i); });
    n += at_once;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(n));
}
BENCHMARK(DurableSignIns)->Arg(1)->Arg(32)->Arg(256)->UseRealTime();

void ReadsByTokenHash(benchmark::State& state) {
  constexpr std::uint64_t kSessions = 10'000;
  async::Loop loop;
  BenchStore store;
  for (std::uint64_t n = 0; n < kSessions; n += 100)
    RunMany(loop, 100, [&](std::size_t i) { return SignIn(*store, n + i); });
  const auto at_once = static_cast<std::size_t>(state.range(0));
  std::uint64_t n = 0;
  for (auto _ : state) {
    RunMany(loop, at_once, [&](std::size_t i) { return Read(*store, (n + i) * 7919 % kSessions); });
    n += at_once;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(n));
}
BENCHMARK(ReadsByTokenHash)->Arg(1)->Arg(32)->UseRealTime();

}  // namespace
}  // namespace sallyport::store
