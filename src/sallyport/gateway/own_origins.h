// SPDX-License-Identifier: Apache-2.0
// The origins that are us, as browsers write them in Origin: public_url's and the aliases'.
#pragma once

#include <string>
#include <vector>

#include "sallyport/gateway/options.h"

namespace sallyport::gateway {

std::vector<std::string> OwnOrigins(const GatewayOptions& options);

}  // namespace sallyport::gateway
