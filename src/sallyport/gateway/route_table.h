// SPDX-License-Identifier: Apache-2.0
// Which route a canonical path belongs to: the longest matching pattern wins, an exact one before a prefix of equal length.
//
// A prefix pattern "/api/*" matches "/api" and everything below "/api/", never "/apiary". Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/gateway/options.h"

namespace sallyport::gateway {

class RouteTable {
 public:
  explicit RouteTable(const std::vector<Route>& routes);

  // Index into the configured routes, or -1.
  int Match(std::string_view canonical_path) const;

  // The path and query that the upstream sees: `path_and_query` as it is, or without the route's prefix (strip_prefix).
  // `scratch` is used only when bytes must be put together.
  static std::string_view UpstreamTarget(const Route& route, std::string_view path_and_query, std::string& scratch);

 private:
  struct Entry {
    std::string prefix;   // without "/*"; the whole path for exact patterns
    bool exact;
    int route;
  };
  std::vector<Entry> entries_;   // in the order of preference
};

}  // namespace sallyport::gateway
