// SPDX-License-Identifier: Apache-2.0
// Where in a provider's profile a value is: "data.user.id", "images[0].url", "emails[primary,verified].email".
//
// [N] takes the N-th element of a list, [FLAG,…] the first element that is an object in which every flag is true (the
// boolean). Names are any bytes but controls, spaces and . , [ ] { } |. Bounds: 256 bytes, 16 steps.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/base/result.h"

namespace sallyport::signin {

class ProfilePath {
 public:
  // Errors: std::errc::invalid_argument with a sentence in `detail`.
  static Result<ProfilePath> Parse(std::string_view text);

  // nullptr when a step is missing or of another type; a null of JSON is missing too.
  const json::value* Find(const json::object& profile) const;

 private:
  using Flags = std::vector<std::string>;
  struct Step {
    std::variant<std::string, std::size_t, Flags> what;   // member, element, element by flags
  };
  static Result<Step> ParseSelector(std::string_view text);

  std::vector<Step> steps_;
};

}  // namespace sallyport::signin
