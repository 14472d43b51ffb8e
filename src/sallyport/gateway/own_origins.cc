// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/own_origins.h"

namespace sallyport::gateway {

std::vector<std::string> OwnOrigins(const GatewayOptions& options) {
  std::vector<std::string> origins{options.public_url.ToString()};
  for (const Origin& alias : options.aliases) origins.push_back(alias.ToString());
  return origins;
}

}  // namespace sallyport::gateway
