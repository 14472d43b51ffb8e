// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/section.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "sallyport/config/later_features.h"
#include "sallyport/config/settings.h"

namespace sallyport::config {
namespace {

using Kind = RawValue::Kind;

bool HasFreeKeys(std::string_view spec) {
  const auto sections = AllSections();
  return std::any_of(sections.begin(), sections.end(), [&](const auto& s) { return s.name == spec && s.free_keys; });
}

// Sub-tables of the section that have a table of their own: "signin.backend" → "fields".
bool IsSubsection(std::string_view spec, std::string_view key) {
  const auto wanted = spec.empty() ? std::string(key) : fmt::format("{}.{}", spec, key);
  const auto sections = AllSections();
  return std::any_of(sections.begin(), sections.end(), [&](const auto& s) {
    return s.name == wanted || s.name.starts_with(wanted + ".");
  });
}

}  // namespace

Section::Section(Reading& reading, const RawValue* table, std::string spec, std::string path)
    : reading_(reading), table_(table), spec_(std::move(spec)), path_(std::move(path)) {
  if (table_ && table_->kind != Kind::kTable) {
    ReportAt(table_->line, "", fmt::format("this is a section, not {}", NameOf(table_->kind)), fmt::format("write [{}]", path_));
    table_ = nullptr;
  }
  if (table_ && !HasFreeKeys(spec_)) CheckKeys();
}

void Section::CheckKeys() {
  auto known = KeysOf(spec_);
  for (const auto& [key, value] : table_->members) {
    if (const auto later = LaterFeature(spec_, key)) {
      ReportAt(value.line, key, "is not built yet", std::string(*later));
      continue;
    }
    if (std::find(known.begin(), known.end(), key) != known.end() || IsSubsection(spec_, key)) continue;
    auto words = known;
    const auto prefix = spec_.empty() ? std::string() : std::string(spec_) + ".";
    for (const auto& section : AllSections()) {
      if (section.name.empty() || !section.name.starts_with(prefix)) continue;
      const auto rest = section.name.substr(prefix.size());
      words.emplace_back(rest.substr(0, rest.find('.')));
    }
    ReportAt(value.line, key, "is not a known key", NearestHint(key, words));
  }
}

const RawValue* Section::Find(std::string_view key) const {
  const auto known = KeysOf(spec_);
  if (std::find(known.begin(), known.end(), key) == known.end()) {
    throw std::logic_error(fmt::format("[{}] {} is not in the table of settings", spec_, key));
  }
  return table_ ? table_->Find(key) : nullptr;
}

int Section::LineOf(std::string_view key) const {
  const auto* value = key.empty() || !table_ ? nullptr : table_->Find(key);
  return value ? value->line : line();
}

void Section::Report(std::string_view key, std::string message, std::string hint) {
  ReportAt(LineOf(key), key, std::move(message), std::move(hint));
}

void Section::ReportAt(int line, std::string_view key, std::string message, std::string hint) {
  auto name = path_.empty() ? std::string(key) : key.empty() ? path_ : fmt::format("{}.{}", path_, key);
  reading_.problems.push_back({reading_.file, line, std::move(name), std::move(message), std::move(hint)});
}

void Section::Require(std::string_view key, std::string hint) {
  if (!Has(key)) Report(key, "is required", std::move(hint));
}

void Section::WrongType(std::string_view key, const RawValue& value, std::string_view wanted) {
  Report(key, fmt::format("must be {}, not {}", wanted, NameOf(value.kind)));
}

const RawValue* Section::String(std::string_view key) {
  const auto* value = Find(key);
  if (!value || value->incomplete) return nullptr;
  if (value->kind != Kind::kString) {
    WrongType(key, *value, "a string");
    return nullptr;
  }
  return value;
}

bool Section::Read(std::string_view key, std::string& out) {
  const auto* value = String(key);
  if (!value) return false;
  out = value->text;
  return true;
}

bool Section::Read(std::string_view key, bool& out) {
  const auto* value = Find(key);
  if (!value) return false;
  if (value->kind != Kind::kBoolean) {
    WrongType(key, *value, "true or false");
    return false;
  }
  out = value->boolean;
  return true;
}

bool Section::Read(std::string_view key, Duration& out, Duration min, Duration max) {
  const auto* value = Find(key);
  if (!value || value->incomplete) return false;
  const auto duration = value->kind == Kind::kString ? ParseDuration(value->text) : std::nullopt;
  if (!duration) {
    Report(key, "is not a duration", "write a whole number and a unit in quotes: \"500ms\", \"5s\", \"15m\", \"12h\", \"7d\"");
    return false;
  }
  if (*duration < min || *duration > max) {
    Report(key, fmt::format("must be between {} and {}", FormatDuration(min), FormatDuration(max)));
    return false;
  }
  out = *duration;
  return true;
}

bool Section::ReadNumber(std::string_view key, std::int64_t& out, std::int64_t min, std::int64_t max) {
  const auto* value = Find(key);
  if (!value) return false;
  if (value->kind != Kind::kInteger) {
    WrongType(key, *value, "a whole number");
    return false;
  }
  if (value->integer < min || value->integer > max) {
    Report(key, fmt::format("must be between {} and {}", min, max));
    return false;
  }
  out = value->integer;
  return true;
}

bool Section::ReadBytes(std::string_view key, std::uint64_t& out, std::uint64_t min, std::uint64_t max) {
  const auto* value = Find(key);
  if (!value || value->incomplete) return false;
  std::optional<std::uint64_t> bytes;
  if (value->kind == Kind::kInteger && value->integer >= 0) bytes = static_cast<std::uint64_t>(value->integer);
  if (value->kind == Kind::kString) bytes = ParseBytes(value->text);
  if (!bytes) {
    Report(key, "is not a size", "write a number of bytes, or a number and a unit in quotes: \"64KiB\", \"10MiB\", \"1GiB\"");
    return false;
  }
  if (*bytes < min || *bytes > max) {
    Report(key, fmt::format("must be between {} and {} bytes", min, max));
    return false;
  }
  out = *bytes;
  return true;
}

std::vector<const RawValue*> Section::Strings(std::string_view key) {
  std::vector<const RawValue*> out;
  const auto* value = Find(key);
  if (!value) return out;
  if (value->kind == Kind::kString) {
    if (!value->incomplete) out.push_back(value);
    return out;
  }
  if (value->kind != Kind::kArray) {
    WrongType(key, *value, "a string or a list of strings");
    return out;
  }
  for (const auto& item : value->items) {
    if (item.kind != Kind::kString) {
      ReportAt(item.line, key, fmt::format("must hold strings only, not {}", NameOf(item.kind)));
    } else if (!item.incomplete) {
      out.push_back(&item);
    }
  }
  return out;
}

bool Section::ReadList(std::string_view key, std::vector<std::string>& out) {
  const auto* value = Find(key);
  if (!value) return false;
  if (value->kind != Kind::kArray) {
    WrongType(key, *value, "a list of strings");
    return false;
  }
  out.clear();
  for (const auto* item : Strings(key)) out.push_back(item->text);
  return true;
}

std::vector<Secret> Section::ReadSecrets(std::string_view key) {
  std::vector<Secret> out;
  for (const auto* item : Strings(key)) out.emplace_back(item->text);
  return out;
}

}  // namespace sallyport::config
