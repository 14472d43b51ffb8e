// SPDX-License-Identifier: Apache-2.0
// What a session costs a request: the hash of the cookie and the probe, among 100,000 sessions.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "sallyport/crypto/digest.h"
#include "sallyport/session/session_cache.h"

namespace sallyport::session {
namespace {

const Timestamp kNow = FromUnixSeconds(1'800'000'000);
constexpr std::size_t kSessions = 100'000;

std::string Token(std::size_t n) {
  std::string token = std::to_string(n);
  token.resize(43, 'x');
  return token;
}

void HashAlone(benchmark::State& state) {
  const std::string token = Token(1);
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Sha256(token));
}
BENCHMARK(HashAlone);

void HashAndFind(benchmark::State& state) {
  SessionCache cache(kSessions);
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < kSessions; ++i) {
    tokens.push_back(Token(i));
    SessionData data;
    data.id = std::to_string(i);
    data.absolute_end = kNow + std::chrono::hours(2);
    SessionRef session(new Session(std::move(data)));
    session->idle_end = session->written_idle_end = kNow + std::chrono::hours(1);
    cache.Insert(crypto::Sha256(tokens.back()), session, cache.sequence());
  }
  // So many of them, in turn, spread over all: a few are in the processor's caches, all are not, and neither are their tokens.
  const std::size_t in_use = static_cast<std::size_t>(state.range(0)), step = kSessions / in_use;
  std::size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache.Find(crypto::Sha256(tokens[i * step]), kNow).session);
    i = (i + 1) % in_use;
  }
}
BENCHMARK(HashAndFind)->ArgName("in_use")->Arg(1)->Arg(1000)->Arg(kSessions);

}  // namespace
}  // namespace sallyport::session
