// SPDX-License-Identifier: Apache-2.0
// One of our own endpoints: a method, a path pattern and a coroutine that turns a request into an answer.
//
// Patterns are canonical paths; a segment ":" captures one segment ("/api/auth/callback/:"). GET endpoints also answer HEAD
// unless the pattern says otherwise (S11: GET changes nothing). Handlers never touch the exchange's answer side. An error is
// turned into an answer by gateway/error_response.h.
#pragma once

#include <span>
#include <string_view>

#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

struct Endpoint {
  http::Method method;
  std::string_view pattern;
  Task<Answer> (*handle)(AuthRequest& request);
};

// Every endpoint there is, from the handlers' own files; handlers/endpoint_table.cc is the list.
std::span<const Endpoint> EndpointTable();

struct EndpointMatch {
  const Endpoint* endpoint = nullptr;   // null: no such route
  bool path_known = false;              // the path exists with another method: 405 (or 400 in next-auth's manner)
  std::vector<std::string_view> parameters;
};
EndpointMatch FindEndpoint(http::Method method, std::string_view path);

// True for the paths that are ours: /api/auth, /api/auth/…, and our /.well-known documents.
bool IsOwnPath(std::string_view path);

}  // namespace sallyport::gateway
