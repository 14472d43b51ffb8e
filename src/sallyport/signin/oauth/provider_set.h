// SPDX-License-Identifier: Apache-2.0
// The providers of one configuration.
//
// Immutable and thread-safe. What outlasts an exchange with one of them (a refresh, a revocation) holds the set, so that a
// provider which a reload has changed or taken away can still be spoken to the way it was.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "sallyport/signin/oauth/provider_connection.h"

namespace sallyport::signin {

class ProviderSet {
 public:
  // What of `former` (may be null) is configured the same is taken over with what it knows of its provider. `http`, `clock` and
  // `random` must outlive the set. oauth::Errc::kInvalidClientSetup for a private key that cannot be used.
  static Result<std::shared_ptr<const ProviderSet>> Create(std::vector<ProviderOptions> providers, net::HttpClient& http, const Clock& clock,
                                                           Random& random, const ProviderSet* former = nullptr);

  // In the order of the configuration; null when there is none of that id.
  const std::vector<std::shared_ptr<ProviderConnection>>& all() const { return connections_; }
  ProviderConnection* Find(std::string_view id) const;

 private:
  ProviderSet() = default;
  std::vector<std::shared_ptr<ProviderConnection>> connections_;
};

}  // namespace sallyport::signin
