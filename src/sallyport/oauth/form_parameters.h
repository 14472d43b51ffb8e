// SPDX-License-Identifier: Apache-2.0
// Name-value pairs of OAuth requests, for bodies of type application/x-www-form-urlencoded and for query strings.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/http/query.h"

namespace sallyport::oauth {

using FormParameters = std::vector<http::Parameter>;

// "a=1&b=2".
std::string EncodeForm(std::span<const http::Parameter> parameters);
// `endpoint` with the parameters in its query; what the endpoint's own query has stays (RFC 6749 §3.1).
std::string WithQuery(std::string_view endpoint, std::span<const http::Parameter> parameters);

}  // namespace sallyport::oauth
