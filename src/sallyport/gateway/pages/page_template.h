// SPDX-License-Identifier: Apache-2.0
// The templates as they are compiled in, by file name.
#pragma once

#include <span>
#include <string_view>

namespace sallyport::gateway {

struct PageTemplate {
  std::string_view name, text;
};
std::span<const PageTemplate> PageTemplates();
// Empty when there is none of that name.
std::string_view FindPageTemplate(std::string_view name);

}  // namespace sallyport::gateway
