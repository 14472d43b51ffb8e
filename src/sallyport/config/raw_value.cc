// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/raw_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <toml++/toml.h>

#include "sallyport/config/expand.h"

namespace sallyport::config {
namespace {

using Kind = RawValue::Kind;

class Converter {
 public:
  Converter(const std::string& file, const Environment& environment, std::vector<Problem>& problems)
      : file_(file), environment_(environment), problems_(problems) {}

  RawValue Convert(const toml::node& node, const std::string& path) {
    RawValue out;
    out.line = static_cast<int>(node.source().begin.line);
    if (const auto* table = node.as_table()) {
      out.kind = Kind::kTable;
      for (const auto& [key, value] : *table) {
        const std::string name(key.str());
        out.members.emplace_back(name, Convert(value, path.empty() ? name : path + "." + name));
        // A header's line is nearer to the mistake than the line of what stands below it.
        if (!value.is_table()) out.members.back().second.line = static_cast<int>(key.source().begin.line);
      }
      std::stable_sort(out.members.begin(), out.members.end(),
                       [](const auto& a, const auto& b) { return a.second.line < b.second.line; });
    } else if (const auto* array = node.as_array()) {
      out.kind = Kind::kArray;
      for (const auto& item : *array) {
        out.items.push_back(Convert(item, fmt::format("{}[{}]", path, out.items.size() + 1)));
      }
    } else if (const auto* string = node.as_string()) {
      out.kind = Kind::kString;
      out.shown = string->get();
      Expand(out, path);
    } else if (const auto* integer = node.as_integer()) {
      out.kind = Kind::kInteger;
      out.integer = integer->get();
    } else if (const auto* boolean = node.as_boolean()) {
      out.kind = Kind::kBoolean;
      out.boolean = boolean->get();
    } else if (node.is_floating_point()) {
      out.kind = Kind::kFloat;
    } else {
      out.kind = Kind::kDate;
      std::ostringstream text;
      if (const auto* date = node.as_date()) text << date->get();
      if (const auto* date_time = node.as_date_time()) text << date_time->get();
      out.text = text.str();
    }
    return out;
  }

 private:
  void Expand(RawValue& out, const std::string& path) {
    auto expanded = ExpandVariables(out.shown, environment_);
    out.text = std::move(expanded.text);
    out.incomplete = expanded.malformed || !expanded.missing.empty();
    for (const auto& name : expanded.missing) {
      problems_.push_back({file_, out.line, path, fmt::format("the environment has no variable {}", name),
                           fmt::format("set it, e.g. {}=… sallyport serve; a literal \"${{\" is written \"$${{\"", name)});
    }
    if (expanded.malformed) {
      problems_.push_back({file_, out.line, path, "\"${\" is not followed by a variable's name and \"}\"",
                           "write ${NAME}; a literal \"${\" is written \"$${\""});
    }
  }

  const std::string& file_;
  const Environment& environment_;
  std::vector<Problem>& problems_;
};

// The parser's sentence without what it has seen: that may be a piece of a secret.
std::string WithoutInput(std::string_view description) {
  auto text = std::string(description.substr(0, description.find(", saw")));
  for (const std::string_view marker : {"' is not representable", "' could not be interpreted"}) {
    const auto end = text.find(marker);
    const auto begin = end == std::string::npos || end == 0 ? std::string::npos : text.rfind('\'', end - 1);
    if (begin != std::string::npos) text.replace(begin, end + 1 - begin, "the number");
  }
  return text;
}

std::optional<Problem> CheckBounds(std::string_view toml, const std::string& file) {
  if (toml.size() > kMaxFileBytes) {
    return Problem{file, 0, "", fmt::format("the file is larger than {} KiB", kMaxFileBytes / 1024), ""};
  }
  int line = 1;
  for (std::size_t begin = 0; begin < toml.size(); ++line) {
    const auto end = std::min(toml.find('\n', begin), toml.size());
    if (end - begin > kMaxLineBytes) {
      return Problem{file, line, "", fmt::format("the line is longer than {} KiB", kMaxLineBytes / 1024), ""};
    }
    begin = end + 1;
  }
  return std::nullopt;
}

}  // namespace

RawValue::RawValue() = default;
RawValue::RawValue(const RawValue&) = default;
RawValue::RawValue(RawValue&&) noexcept = default;
RawValue& RawValue::operator=(const RawValue&) = default;
RawValue& RawValue::operator=(RawValue&&) noexcept = default;
RawValue::~RawValue() = default;

const RawValue* RawValue::Find(std::string_view name) const {
  const auto it = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
  return it == members.end() ? nullptr : &it->second;
}

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kString: return "a string";
    case Kind::kInteger: return "a whole number";
    case Kind::kFloat: return "a number with a fraction";
    case Kind::kBoolean: return "true or false";
    case Kind::kDate: return "a date";
    case Kind::kArray: return "a list";
    case Kind::kTable: return "a table";
  }
  return "something else";
}

std::expected<RawValue, Problem> ParseToml(std::string_view toml, const std::string& file_name, const Environment& environment,
                                           std::vector<Problem>& problems) {
  if (auto problem = CheckBounds(toml, file_name)) return std::unexpected(*std::move(problem));
  try {
    const toml::table table = toml::parse(toml, std::string_view(file_name));
    return Converter(file_name, environment, problems).Convert(table, "");
  } catch (const toml::parse_error& error) {
    return std::unexpected(Problem{file_name, static_cast<int>(error.source().begin.line), "",
                                   "this is not valid TOML: " + WithoutInput(error.description()),
                                   "strings stand in double quotes; see https://toml.io"});
  }
}

}  // namespace sallyport::config
