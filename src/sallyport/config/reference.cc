// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sallyport/config/settings.h"

namespace sallyport::config {
namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Made from src/sallyport/config/settings.cc by `sallyport init --reference`; a test compares the two. -->

One TOML file, `sallyport.toml`. `sallyport init` writes one to begin with, `sallyport check-config` says everything that is wrong
with it at once, with line and remedy, and starts nothing.

- `${NAME}` in a string is replaced by the environment variable NAME; one that is missing is an error. `$${` is a literal `${`.
- Unknown keys are errors.
- Durations are strings: `"500ms"`, `"5s"`, `"15m"`, `"12h"`, `"7d"`. Sizes are numbers of bytes or strings: `"64KiB"`, `"10MiB"`.
- Relative paths start at the folder of the file.
- A route with the longest matching path wins; `/api/auth/*` and the key set below `/.well-known` are Sallyport's own.
)";

std::string Header(std::string_view section) {
  if (section.empty()) return "";
  return section == "route" ? "[[route]]" : fmt::format("[{}]", section);
}

// Lines of at most about 100 characters.
std::string Comment(std::string_view sentence) {
  std::string out, line = "#";
  while (!sentence.empty()) {
    const auto word = sentence.substr(0, sentence.find(' '));
    if (line.size() > 1 && line.size() + word.size() + 1 > 100) {
      out += line + "\n";
      line = "#";
    }
    line += " " + std::string(word);
    sentence.remove_prefix(std::min(sentence.size(), word.size() + 1));
  }
  return out + line + "\n";
}

// The settings that a starter needs set; all others stay comments.
using Values = std::map<std::string_view, std::string>;

std::string Keys(std::string_view section, const Values& values, bool with_rest) {
  std::string out;
  for (const auto& setting : AllSettings()) {
    if (setting.section != section) continue;
    const auto value = values.find(setting.key);
    if (value == values.end() && !with_rest) continue;
    out += Comment(setting.sentence);
    if (value != values.end()) {
      out += fmt::format("{} = {}\n", setting.key, value->second);
    } else {
      out += fmt::format("#{} = {}\n", setting.key, setting.default_value.empty() ? "…" : setting.default_value);
    }
  }
  return out;
}

std::string StarterSection(const SettingSection& section, const std::string& secret_file) {
  const auto block = [&](std::string_view header, const Values& values, bool rest) {
    return fmt::format("\n{}\n{}", header, Keys(section.name, values, rest));
  };
  if (section.name.empty()) {
    return Keys("", {{"public_url", "\"http://localhost:8080\""}, {"listen", "\"127.0.0.1:8080\""},
                     {"secret_file", fmt::format("\"{}\"", secret_file)}, {"store", "\"sqlite:sallyport.db\""}}, true);
  }
  const auto title = "\n" + Comment(section.sentence);
  if (section.name == "upstream.NAME") {
    return title + block("[upstream.web]", {{"url", "\"http://127.0.0.1:3000\""}, {"kind", "\"pages\""}, {"bearer_for", "\"api\""}}, true) +
           block("[upstream.api]", {{"url", "\"http://127.0.0.1:4000\""}, {"claims", "[\"email\", \"name\"]"}}, false);
  }
  if (section.name == "route") {
    return title + block("[[route]]", {{"path", "\"/api/*\""}, {"upstream", "\"api\""}, {"access", "\"session\""}, {"identity", "\"jwt\""}}, true) +
           block("[[route]]", {{"path", "\"/*\""}, {"upstream", "\"web\""}, {"access", "\"optional\""}}, false);
  }
  if (section.name == "signin.password") return title + block("[signin.password]", {{"enabled", "true"}}, true);
  // Sections that switch something on by being there stay comments as a whole.
  const bool optional = section.name.starts_with("signin.") || section.name == "tracing" || section.name == "forward_auth";
  return title + fmt::format("{}{}\n", optional ? "#" : "", Header(section.name)) + Keys(section.name, {}, true);
}

}  // namespace

std::string MarkdownCell(std::string_view cell) {
  std::string out;
  for (const char c : cell) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string ReferenceMarkdown() {
  std::string out(kIntroduction);
  for (const auto& section : AllSections()) {
    out += fmt::format("\n## {}\n\n{}\n", section.name.empty() ? "Top of the file" : "`" + Header(section.name) + "`", section.sentence);
    if (section.free_keys) continue;
    out += "\n| key | type | default | what it does |\n|---|---|---|---|\n";
    for (const auto& setting : AllSettings()) {
      if (setting.section != section.name) continue;
      const auto value = setting.default_value.empty() ? std::string() : fmt::format("`{}`", setting.default_value);
      out += fmt::format("| `{}` | {} | {} | {} |\n", setting.key, MarkdownCell(setting.type), MarkdownCell(value), MarkdownCell(setting.sentence));
    }
  }
  return out;
}

std::string StarterConfiguration(const std::string& secret_file) {
  std::string out =
      "# Sallyport's configuration. What begins with \"#\" shows the default; docs/configuration.md says it all.\n"
      "# After a change: sallyport check-config\n\n";
  for (const auto& section : AllSections()) out += StarterSection(section, secret_file);
  return out;
}

}  // namespace sallyport::config
