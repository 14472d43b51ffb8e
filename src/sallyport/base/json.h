// SPDX-License-Identifier: Apache-2.0
// JSON of untrusted peers (Boost.JSON), strict and bounded.
//
// ParseJson refuses duplicate member names at every depth (S40), more than `max_depth` levels, invalid UTF-8, comments,
// trailing commas, numbers beyond a double's range and trailing bytes. Errors: std::errc::invalid_argument; `detail` never
// quotes the input.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string_view>

#include "sallyport/base/result.h"

namespace sallyport {

namespace json = boost::json;

struct JsonLimits {
  std::size_t max_bytes = 1 << 20;
  std::size_t max_depth = 16;
};

Result<json::value> ParseJson(std::string_view text, JsonLimits limits = {});
// The same, and the top-level value must be an object.
Result<json::object> ParseJsonObject(std::string_view text, JsonLimits limits = {});

// The member as a string, or nullopt when it is missing or of another type (S44: never coerced).
std::optional<std::string_view> GetString(const json::object& object, std::string_view name);
std::optional<std::int64_t> GetInteger(const json::object& object, std::string_view name);

}  // namespace sallyport
