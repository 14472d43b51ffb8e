// SPDX-License-Identifier: Apache-2.0
// Reads one section of a file into an options struct and collects what is wrong with it. A key that is missing, or whose
// value is wrong, leaves the target as it was.
//
// Every key read must be in the table (settings.h): another one is a bug and throws std::logic_error.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sallyport/base/secret.h"
#include "sallyport/config/nearest.h"
#include "sallyport/config/quantity.h"
#include "sallyport/config/raw_value.h"

namespace sallyport::config {

// What the sections of one file share.
struct Reading {
  const std::string& file;
  std::vector<Problem>& problems;
};

class Section {
 public:
  // `table` may be null (the section is not in the file). `spec` is its name in the table, `path` its name in problems.
  // Unknown keys and a value that is no table become problems here.
  Section(Reading& reading, const RawValue* table, std::string spec, std::string path);

  bool present() const { return table_ != nullptr; }
  const RawValue* table() const { return table_; }   // for sections with free keys
  int line() const { return table_ ? table_->line : 0; }
  const std::string& path() const { return path_; }
  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  // Of the key, or of the section when the key is missing.
  int LineOf(std::string_view key) const;
  const RawValue* Find(std::string_view key) const;

  // True when the key is there with a value of the right type.
  bool Read(std::string_view key, std::string& out);
  bool Read(std::string_view key, bool& out);
  bool Read(std::string_view key, Duration& out, Duration min = Duration(1), Duration max = std::chrono::days(3650));
  bool ReadNumber(std::string_view key, std::int64_t& out, std::int64_t min, std::int64_t max);
  template <class I>
  bool ReadNumber(std::string_view key, I& out, std::int64_t min, std::int64_t max) {
    std::int64_t value = 0;
    if (!ReadNumber(key, value, min, max)) return false;
    out = static_cast<I>(value);
    return true;
  }
  bool ReadBytes(std::string_view key, std::uint64_t& out, std::uint64_t min, std::uint64_t max);
  bool ReadList(std::string_view key, std::vector<std::string>& out);
  // A string or a list of strings, each with its line and the text that may be quoted.
  std::vector<const RawValue*> Strings(std::string_view key);
  std::vector<Secret> ReadSecrets(std::string_view key);
  template <class E>
  bool ReadChoice(std::string_view key, E& out, std::initializer_list<std::pair<std::string_view, E>> choices) {
    const auto* value = String(key);
    if (!value) return false;
    std::vector<std::string> names;
    for (const auto& [name, choice] : choices) {
      names.emplace_back(name);
      if (name != value->text) continue;
      out = choice;
      return true;
    }
    Report(key, fmt::format("'{}' is not a value of it", value->shown), NearestHint(value->text, names));
    return false;
  }

  // A problem with one key (its line), or with the section when the key is empty.
  void Report(std::string_view key, std::string message, std::string hint = {});
  void ReportAt(int line, std::string_view key, std::string message, std::string hint = {});
  void Require(std::string_view key, std::string hint);

 private:
  const RawValue* String(std::string_view key);
  void WrongType(std::string_view key, const RawValue& value, std::string_view wanted);
  void CheckKeys();

  Reading& reading_;
  const RawValue* table_;
  std::string spec_;
  std::string path_;
};

}  // namespace sallyport::config
