// SPDX-License-Identifier: Apache-2.0
// The enabled sign-in methods as next-auth's clients see them: id, name, type.
#pragma once

#include <string>
#include <vector>

#include "sallyport/gateway/services.h"

namespace sallyport::gateway {

struct Provider {
  std::string id;
  std::string name;
  bool backend = false;
};
std::vector<Provider> ListProviders(const Services& services);

}  // namespace sallyport::gateway
