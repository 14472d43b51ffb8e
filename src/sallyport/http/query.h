// SPDX-License-Identifier: Apache-2.0
// Query strings and urlencoded pairs: parsed into decoded parameters, bounded; and built.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/http/errc.h"

namespace sallyport::http {

struct Parameter {
  std::string name;
  std::string value;
  bool operator==(const Parameter&) const = default;
};

struct ParameterLimits {
  std::size_t max_bytes = 64 * 1024;
  std::size_t max_parameters = 200;
};

// Decoded name-value pairs, in order, names may repeat.
class Parameters {
 public:
  Parameters() = default;
  explicit Parameters(std::vector<Parameter> items) : items_(std::move(items)) {}

  std::span<const Parameter> items() const { return items_; }
  bool empty() const { return items_.empty(); }
  // The first of that name, or nullopt when it is missing.
  std::optional<std::string_view> Find(std::string_view name) const;
  std::size_t Count(std::string_view name) const;
  // The value when the name occurs exactly once and is not empty, else nullopt (S44: for tokens, codes, states).
  std::optional<std::string_view> FindSingle(std::string_view name) const;

 private:
  std::vector<Parameter> items_;
};

// '&' separates, '+' is a space, %XX is decoded (WHATWG urlencoded). Refuses with kBadForm: broken escapes, invalid
// UTF-8 or NUL after decoding, more than the limits. A leading "?" is not expected.
Result<Parameters> ParseQuery(std::string_view query, ParameterLimits limits = {});

// Value of the first parameter of that exact, unescaped name, still encoded; no allocation.
std::optional<std::string_view> FindRawParameter(std::string_view query, std::string_view name);

// As JavaScript's encodeURIComponent: all but A-Z a-z 0-9 - _ . ! ~ * ' ( ).
void AppendUriComponent(std::string& out, std::string_view text);
std::string EncodeUriComponent(std::string_view text);

// Builds "a=1&b=2" as JavaScript's URLSearchParams writes it (space is '+').
class QueryBuilder {
 public:
  QueryBuilder& Add(std::string_view name, std::string_view value);
  const std::string& str() const { return out_; }

 private:
  std::string out_;
};

// `url` with one more parameter, before its fragment if it has one.
std::string WithParameter(std::string_view url, std::string_view name, std::string_view value);

}  // namespace sallyport::http
