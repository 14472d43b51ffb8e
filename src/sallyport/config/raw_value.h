// SPDX-License-Identifier: Apache-2.0
// A configuration file as values with line numbers: after TOML, before any meaning. ${NAME} is already expanded.
//
// `shown` is what a problem may quote: the text as it stands in the file, so that nothing from the environment is ever
// printed (S62). Values of keys that hold secrets are not quoted at all.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sallyport/config/load.h"

namespace sallyport::config {

struct RawValue {
  enum class Kind { kString, kInteger, kFloat, kBoolean, kDate, kArray, kTable };

  Kind kind = Kind::kTable;
  int line = 0;
  std::string text;                                        // kString: expanded; kDate: as ISO 8601 has it
  std::string shown;                                       // kString: not expanded
  std::int64_t integer = 0;
  bool boolean = false;
  bool incomplete = false;                                 // a variable was missing: already a problem, judge no further
  std::vector<RawValue> items;                             // kArray
  std::vector<std::pair<std::string, RawValue>> members;   // kTable; ordered by line

  // In the .cc: a pair of a type is not complete inside that type.
  RawValue();
  RawValue(const RawValue&);
  RawValue(RawValue&&) noexcept;
  RawValue& operator=(const RawValue&);
  RawValue& operator=(RawValue&&) noexcept;
  ~RawValue();

  const RawValue* Find(std::string_view name) const;
};

// "a string", "a list" … for messages.
std::string_view NameOf(RawValue::Kind kind);

// The bounds of a file: beyond them it is one problem. (The length of a line bounds how deep dotted keys can nest.)
inline constexpr std::size_t kMaxFileBytes = 256 * 1024;
inline constexpr std::size_t kMaxLineBytes = 8 * 1024;

// The file's table, or one problem when it is no TOML. Variables that are missing are added to `problems`.
std::expected<RawValue, Problem> ParseToml(std::string_view toml, const std::string& file_name, const Environment& environment,
                                           std::vector<Problem>& problems);

}  // namespace sallyport::config
