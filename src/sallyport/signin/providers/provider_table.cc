// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/provider_table.h"

#include <algorithm>

namespace sallyport::signin {

const std::vector<const ProviderRow*>& KnownProviders() {
  static const auto rows = [] {
    std::vector<const ProviderRow*> all;
    for (const auto part : {OidcRows(), OAuthRowsAToF(), OAuthRowsGToO(), OAuthRowsPToZ()}) {
      for (const auto& row : part) all.push_back(&row);
    }
    std::ranges::sort(all, {}, &ProviderRow::id);
    return all;
  }();
  return rows;
}

const ProviderRow* FindKnownProvider(std::string_view id) {
  const auto& rows = KnownProviders();
  const auto at = std::ranges::lower_bound(rows, id, {}, &ProviderRow::id);
  return at != rows.end() && (*at)->id == id ? *at : nullptr;
}

}  // namespace sallyport::signin
