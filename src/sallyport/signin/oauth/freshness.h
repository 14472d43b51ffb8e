// SPDX-License-Identifier: Apache-2.0
// How long an answer may be used again, by its Cache-Control and Age (RFC 9111 §4.2, §5.2.2), within bounds of ours.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sallyport/base/clock.h"

namespace sallyport::signin {

struct FreshnessBounds {
  Duration least, most, otherwise;   // `otherwise`: when the answer does not say
};
// `headers`: names in lower case. no-store and no-cache give the least.
Duration FreshnessOf(const std::vector<std::pair<std::string, std::string>>& headers, const FreshnessBounds& bounds);

}  // namespace sallyport::signin
