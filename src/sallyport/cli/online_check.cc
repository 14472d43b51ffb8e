// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/online_check.h"

#include <future>

#include "sallyport/async/spawn.h"
#include "sallyport/async/worker_set.h"
#include "sallyport/crypto/system_random.h"
#include "sallyport/net/http_client.h"
#include "sallyport/signin/oauth/online_check.h"

namespace sallyport::cli {
namespace {

Coroutine<void> Ask(signin::ProviderConnection& provider, std::string redirect_uri, Random& random,
                                 std::promise<std::vector<signin::OnlineFinding>>& out) {
  auto findings = co_await signin::CheckOnline(provider, std::move(redirect_uri), random);
  out.set_value(findings ? *std::move(findings) : std::vector<signin::OnlineFinding>{});
}

}  // namespace

OnlineResult CheckProvidersOnline(const config::Config& config) {
  OnlineResult result;
  SystemClock clock;
  crypto::SystemRandom random;
  async::WorkerSet workers(1);
  const auto http = net::MakeHttpClientForWorkers(workers, config.outbound);
  workers.Start();
  for (const signin::ProviderOptions& options : config.signin.providers) {
    const std::string section = "signin.provider." + options.spec.id;
    auto provider = signin::ProviderConnection::Create(options.Clone(), *http, clock, random);
    if (!provider) {
      result.problems.push_back({config.source, 0, section + ".private_key", "cannot be used: " + provider.error().detail, "it must be an unencrypted PKCS #8 PEM"});
      continue;
    }
    std::promise<std::vector<signin::OnlineFinding>> asked;
    const std::string redirect_uri = config.gateway.public_url.ToString() + "/api/auth/callback/" + options.spec.id;
    async::Spawn(workers.executor(0), Ask(**provider, redirect_uri, random, asked), "online check");
    for (auto& finding : asked.get_future().get()) {
      if (finding.key.empty()) result.unknown.push_back(section + ": " + finding.message + ".");
      else result.problems.push_back({config.source, 0, section + "." + finding.key, std::move(finding.message), std::move(finding.hint)});
    }
  }
  workers.Stop();
  return result;
}

}  // namespace sallyport::cli
