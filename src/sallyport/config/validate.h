// SPDX-License-Identifier: Apache-2.0
// What one section cannot judge alone: sets that must be complete, names that must exist elsewhere.
#pragma once

#include "sallyport/config/config.h"
#include "sallyport/config/section.h"

namespace sallyport::config {

struct NamedSections {
  Section& top;
  Section& compat;
  std::vector<Section>& upstreams;   // in the order of the configuration's
};

void Validate(NamedSections sections, Config& config);

}  // namespace sallyport::config
