// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/route_table.h"

#include <algorithm>

namespace sallyport::gateway {
namespace {

std::string_view PrefixOf(std::string_view pattern) {
  if (pattern.ends_with("/*")) pattern.remove_suffix(2);
  return pattern;
}

}  // namespace

RouteTable::RouteTable(const std::vector<Route>& routes) {
  for (std::size_t i = 0; i < routes.size(); ++i) {
    const bool exact = !routes[i].path.ends_with("/*");
    entries_.push_back({std::string(PrefixOf(routes[i].path)), exact, static_cast<int>(i)});
  }
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    if (a.prefix.size() != b.prefix.size()) return a.prefix.size() > b.prefix.size();
    return a.exact && !b.exact;
  });
}

int RouteTable::Match(std::string_view path) const {
  for (const Entry& entry : entries_) {
    if (!path.starts_with(entry.prefix)) continue;
    const bool whole = path.size() == entry.prefix.size();
    if (entry.exact ? whole : whole || path[entry.prefix.size()] == '/') return entry.route;
  }
  return -1;
}

std::string_view RouteTable::UpstreamTarget(const Route& route, std::string_view path_and_query, std::string& scratch) {
  if (!route.strip_prefix) return path_and_query;
  const std::string_view rest = path_and_query.substr(std::min(PrefixOf(route.path).size(), path_and_query.size()));
  if (rest.starts_with('/')) return rest;
  scratch.assign("/").append(rest);   // "/api?x" → "/?x"
  return scratch;
}

}  // namespace sallyport::gateway
