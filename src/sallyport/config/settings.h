// SPDX-License-Identifier: Apache-2.0
// The one table of everything that a configuration file may hold. The check for unknown keys, the file that `sallyport init`
// writes and docs/configuration.md (which a test compares) are made from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::config {

struct Setting {
  std::string_view section;         // "" for the top, "session", "upstream.NAME", "route"
  std::string_view key;
  std::string_view type;            // in words
  std::string_view default_value;   // as TOML writes it; empty: no value
  std::string_view sentence;        // what it does; may name the default when that depends on something
};

struct SettingSection {
  std::string_view name;            // as in Setting::section
  std::string_view sentence;
  bool free_keys = false;           // any key: [headers], [signin.backend.fields]
};

std::span<const SettingSection> AllSections();
std::span<const Setting> AllSettings();
std::vector<std::string> KeysOf(std::string_view section);

}  // namespace sallyport::config
