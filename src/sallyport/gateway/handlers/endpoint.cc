// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/endpoint.h"

#include <algorithm>

namespace sallyport::gateway {
namespace {

// "" when no segment is left.
std::string_view TakeSegment(std::string_view& rest) {
  if (rest.starts_with('/')) rest.remove_prefix(1);
  const auto slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(segment.size());
  return segment;
}

bool Matches(std::string_view pattern, std::string_view path, std::vector<std::string_view>& captured) {
  captured.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = TakeSegment(pattern);
    const std::string_view segment = TakeSegment(path);
    if (wanted == ":") {
      if (segment.empty()) return false;
      captured.push_back(segment);
    } else if (wanted != segment) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

}  // namespace

EndpointMatch FindEndpoint(http::Method method, std::string_view path) {
  EndpointMatch match;
  const http::Method wanted = method == http::Method::kHead ? http::Method::kGet : method;
  std::vector<std::string_view> captured;
  for (const Endpoint& endpoint : EndpointTable()) {
    if (!Matches(endpoint.pattern, path, captured)) continue;
    match.path_known = true;
    if (endpoint.method != wanted) continue;
    match.endpoint = &endpoint;
    match.parameters = std::move(captured);
    return match;
  }
  return match;
}

bool IsOwnPath(std::string_view path) {
  static constexpr std::string_view kPrefix = "/api/auth";
  if (path.starts_with(kPrefix)) return path.size() == kPrefix.size() || path[kPrefix.size()] == '/';
  if (!path.starts_with("/.well-known/")) return false;
  path.remove_prefix(std::string_view("/.well-known/").size());
  return path == "jwks.json" || path == "openid-configuration" || path == "oauth-authorization-server";
}

}  // namespace sallyport::gateway
