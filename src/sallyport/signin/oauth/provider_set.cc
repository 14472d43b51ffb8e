// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/provider_set.h"

#include <algorithm>

namespace sallyport::signin {

Result<std::shared_ptr<const ProviderSet>> ProviderSet::Create(std::vector<ProviderOptions> providers, net::HttpClient& http, const Clock& clock,
                                                               Random& random, const ProviderSet* former) {
  auto set = std::shared_ptr<ProviderSet>(new ProviderSet());
  for (ProviderOptions& options : providers) {
    const auto same = [&](const auto& connection) { return connection->options() == options; };
    if (former) {
      if (const auto found = std::ranges::find_if(former->all(), same); found != former->all().end()) {
        set->connections_.push_back(*found);
        continue;
      }
    }
    SALLYPORT_TRY(std::shared_ptr<ProviderConnection> connection, ProviderConnection::Create(std::move(options), http, clock, random));
    set->connections_.push_back(std::move(connection));
  }
  return set;
}

ProviderConnection* ProviderSet::Find(std::string_view id) const {
  const auto found = std::ranges::find_if(connections_, [&](const auto& p) { return p->spec().id == id; });
  return found == connections_.end() ? nullptr : found->get();
}

}  // namespace sallyport::signin
