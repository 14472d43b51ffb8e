// SPDX-License-Identifier: Apache-2.0
// What every request pays: the hash of its session token, the MAC behind its CSRF token.
#include <benchmark/benchmark.h>

#include "sallyport/crypto/digest.h"
#include "sallyport/crypto/hmac.h"
#include "sallyport/crypto/key_pair.h"

namespace sallyport::crypto {
namespace {

void TokenHash(benchmark::State& state) {
  const std::string token(43, 't');
  for (auto _ : state) benchmark::DoNotOptimize(Sha256(token));
}
BENCHMARK(TokenHash);

void SessionMac(benchmark::State& state) {
  const HmacSha256 key(std::string(32, 'k'));
  const std::string id(22, 's');
  for (auto _ : state) benchmark::DoNotOptimize(key.Mac(id));
}
BENCHMARK(SessionMac);

void Es256Sign(benchmark::State& state) {
  const PrivateKey key = PrivateKey::Generate(KeyType::kP256);
  const std::string message(500, 'm');
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(SignatureAlgorithm::kEs256, message));
}
BENCHMARK(Es256Sign);

}  // namespace
}  // namespace sallyport::crypto
