// SPDX-License-Identifier: Apache-2.0
// Opening a stateless session's cookie and signing an access token: what a request may have to pay.
#include <benchmark/benchmark.h>

#include "sallyport/crypto/system_random.h"
#include "sallyport/jose/jwe.h"
#include "sallyport/jose/jws.h"

namespace sallyport::jose {
namespace {

void JweOpen(benchmark::State& state, JweEncryption encryption) {
  crypto::SystemRandom random;
  const std::string bytes(KeyBytes(encryption), 'k');
  std::vector<JweKey> keys;
  keys.push_back(*JweKey::Create(encryption, bytes, "kid"));
  const std::string token = keys[0].Seal(std::string(300, 'c'), random);
  const JweOpener opener(std::move(keys));
  for (auto _ : state) benchmark::DoNotOptimize(opener.Open(token));
}
BENCHMARK_CAPTURE(JweOpen, v4_A256GCM, JweEncryption::kA256Gcm);
BENCHMARK_CAPTURE(JweOpen, v5_A256CBC_HS512, JweEncryption::kA256CbcHs512);

void JwsSign(benchmark::State& state) {
  const auto signer = JwsSigner::Create(Jwk::FromPrivate(crypto::PrivateKey::Generate(crypto::KeyType::kP256), "k"), JwsAlgorithm::kEs256, "at+jwt");
  const std::string payload(300, 'p');
  for (auto _ : state) benchmark::DoNotOptimize(signer->Sign(payload));
}
BENCHMARK(JwsSign);

void JwsVerify(benchmark::State& state) {
  const Jwk key = Jwk::FromPrivate(crypto::PrivateKey::Generate(crypto::KeyType::kP256), "k");
  const std::string token = *JwsSigner::Create(key.Clone(), JwsAlgorithm::kEs256)->Sign(std::string(300, 'p'));
  JwkSet keys;
  keys.Add(key.Clone());
  const JwsVerifier verifier(keys, {JwsAlgorithm::kEs256});
  for (auto _ : state) benchmark::DoNotOptimize(verifier.Verify(token));
}
BENCHMARK(JwsVerify);

}  // namespace
}  // namespace sallyport::jose
