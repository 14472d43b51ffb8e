// SPDX-License-Identifier: Apache-2.0
// How a value is made of a provider's profile:
//   alternatives  "display_name | login"                  the first that gives a value
//   templates     "{first_name} {last_name}"              paths in braces, other text as it stands
//   paths         "emails[primary,verified].email"        see profile_path.h
//
// A value is a string that is not empty, or, where numbers are accepted, a whole number as decimal text. A template with
// nothing but spaces between its paths leaves out what is missing; one with other text gives a value only when all its
// paths do. Bounds: 1 KiB, 8 alternatives, 16 parts of a template; values of more than 8 KiB are none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/signin/providers/profile_path.h"

namespace sallyport::signin {

enum class Numbers : std::uint8_t { kRefused, kAccepted };

// A string, or a whole number where those are accepted; of other values, and of an empty string, nothing.
std::optional<std::string> ScalarText(const json::value& value, Numbers numbers);

class ProfileExpression {
 public:
  // An empty text is an expression that never gives a value. Errors: std::errc::invalid_argument with a sentence.
  static Result<ProfileExpression> Parse(std::string_view text);

  std::optional<std::string> Evaluate(const json::object& profile, Numbers numbers) const;

 private:
  struct Part {
    std::string literal;                // when `path` is not there
    std::optional<ProfilePath> path;
  };
  struct Alternative {
    std::vector<Part> parts;            // a path alone is one part
    bool only_spaces = true;            // between the paths
  };
  static Result<Alternative> ParseAlternative(std::string_view text);
  static std::optional<std::string> Evaluate(const Alternative& alternative, const json::object& profile, Numbers numbers);

  std::vector<Alternative> alternatives_;
};

}  // namespace sallyport::signin
