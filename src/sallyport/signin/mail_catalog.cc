// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_catalog.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>
#include <stdexcept>

#include "sallyport/http/accept_language.h"
#include "sallyport/signin/options.h"

namespace sallyport::signin {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnglish = "en";
constexpr std::size_t kMaxFiles = 1000;   // hidden ones too
constexpr std::array<std::string_view, 5> kPhrases = {"minute", "minutes", "hour", "hours", "open_address"};

bool IsLanguage(std::string_view tag) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return tag.size() >= 2 && tag.size() <= 20 && std::ranges::all_of(tag, fits);
}

std::string Key(std::string_view language, std::string_view name) { return std::string(language) + "/" + std::string(name); }

Result<std::string> ReadWhole(const fs::path& path) {
  std::error_code failed;
  if (fs::file_size(path, failed) > kMaxMailText || failed) return Fail(Errc::kTemplate, "cannot be read, or is longer than 64 KiB");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file.good() && !file.eof()) return Fail(Errc::kTemplate, "cannot be read");
  return std::move(text).str();
}

// Of editors and version control.
bool IsHidden(const fs::path& relative) {
  return std::ranges::any_of(relative, [](const fs::path& part) { return part.native().starts_with('.'); });
}

// Of mustache, tags that do not escape, and those that change what a tag is.
bool HasUnescapedTag(std::string_view layout) {
  for (auto at = layout.find("{{"); at != std::string_view::npos; at = layout.find("{{", at + 2)) {
    const auto next = layout.find_first_not_of(" \t\r\n", at + 2);
    if (next != std::string_view::npos && std::string_view("{&=").find(layout[next]) != std::string_view::npos) return true;
  }
  return false;
}

// Every tag has to be one that the mail has a value for, and what the mail is for has to be in it.
Result<void> CheckTags(const MailKind& kind, const MailText& text) {
  std::vector<std::string_view> known(kind.required.begin(), kind.required.end());
  known.insert(known.end(), {"site", "life"});
  std::erase(known, "token");   // stands in the link and nowhere else
  bool button = false, code = false;
  std::vector<std::string> sources{text.subject};
  for (const MailParagraph& paragraph : text.paragraphs) {
    sources.push_back(paragraph.text);
    button |= paragraph.kind == MailParagraph::Kind::kButton;
    code |= paragraph.text.find("{{code}}") != std::string::npos;
  }
  for (const std::string& source : sources) {
    SALLYPORT_TRY(const auto tags, TagsIn(source));
    for (const std::string& tag : tags) {
      if (std::ranges::find(known, tag) == known.end()) return Fail(Errc::kTemplate, "{{" + tag + "}} has no value in this mail");
    }
  }
  if (button != !kind.link_path.empty()) return Fail(Errc::kTemplate, button ? "has a [button], but this mail has no link" : "needs a paragraph [words] for the link");
  if (!code && std::ranges::find(kind.required, "code") != kind.required.end()) return Fail(Errc::kTemplate, "needs a paragraph {{code}}");
  return {};
}

}  // namespace

const MailCatalog& MailCatalog::BuiltIn() {
  static const MailCatalog kBuiltIn = [] {
    MailCatalog catalog;
    for (const MailFile& file : BuiltInMailFiles()) {
      if (auto added = catalog.Add(file.name, file.text); !added) throw std::logic_error(added.error().ToLogString());
    }
    return catalog;
  }();
  return kBuiltIn;
}

Result<MailCatalog> MailCatalog::Load(const std::string& folder) {
  MailCatalog catalog = BuiltIn();
  std::error_code failed;
  std::size_t seen = 0;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    if (++seen > kMaxFiles) return Fail(Errc::kTemplate, "holds too many files: is it the right folder?");
    const fs::path relative = at->path().lexically_relative(folder);
    std::error_code ignored;
    if (IsHidden(relative) || !at->is_regular_file(ignored)) continue;
    const std::string name = relative.generic_string();
    const auto text = ReadWhole(at->path());
    if (!text) return Fail(Errc::kTemplate, name + ": " + text.error().detail);
    if (auto added = catalog.Add(name, *text); !added) return Fail(Errc::kTemplate, name + ": " + added.error().detail);
  }
  if (failed) return Fail(Errc::kTemplate, "the folder cannot be read: " + failed.message());
  return catalog;
}

Result<void> MailCatalog::Add(std::string_view file, std::string_view text) {
  if (file == "layout.html") return AddLayout(text);
  const auto slash = file.find('/');
  const std::string language(file.substr(0, slash));
  if (slash == std::string_view::npos || !IsLanguage(language) || !file.ends_with(".txt"))
    return Fail(Errc::kTemplate, "is neither layout.html nor LANGUAGE/NAME.txt with a tag like \"de\" or \"pt-br\"");
  const std::string name(file.substr(slash + 1, file.size() - slash - 5));
  if (std::ranges::find(languages_, language) == languages_.end()) {
    languages_.push_back(language);
    std::ranges::sort(languages_);
  }
  return name == "phrases" ? AddPhrases(language, text) : AddText(language, name, text);
}

Result<void> MailCatalog::AddText(const std::string& language, const std::string& name, std::string_view source) {
  const MailKind* kind = FindMailKind(name);
  if (!kind) return Fail(Errc::kTemplate, "there is no mail of this name");
  SALLYPORT_TRY(MailText text, ParseMailText(source));
  if (auto checked = CheckTags(*kind, text); !checked) return checked;
  texts_[Key(language, name)] = std::move(text);
  return {};
}

Result<void> MailCatalog::AddPhrases(const std::string& language, std::string_view source) {
  std::istringstream lines{std::string(source)};
  for (std::string line; std::getline(lines, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto equals = line.find(" = ");
    const std::string name = line.substr(0, equals);
    if (equals == std::string::npos || std::ranges::find(kPhrases, name) == kPhrases.end())
      return Fail(Errc::kTemplate, "a line is \"minute = …\", and so for minutes, hour, hours and open_address");
    phrases_[Key(language, name)] = line.substr(equals + 3, line.find_last_not_of(" \t\r") + 1 - equals - 3);
  }
  return {};
}

Result<void> MailCatalog::AddLayout(std::string_view source) {
  if (source.size() > kMaxMailText) return Fail(Errc::kTemplate, "is longer than 64 KiB");
  if (HasUnescapedTag(source)) return Fail(Errc::kTemplate, "has a tag that does not escape: write {{name}}");
  if (source.find("{{#paragraphs}}") == std::string_view::npos) return Fail(Errc::kTemplate, "has no {{#paragraphs}} … {{/paragraphs}}");
  kainjow::mustache::mustache layout{std::string(source)};
  if (!layout.is_valid()) return Fail(Errc::kTemplate, layout.error_message());
  layout_ = source;
  return {};
}

Result<std::shared_ptr<const MailCatalog>> LoadMailTexts(const std::string& folder) {
  SALLYPORT_TRY(MailCatalog catalog, MailCatalog::Load(folder));
  return std::make_shared<const MailCatalog>(std::move(catalog));
}

std::vector<std::string> MailLanguages(const MailCatalog* texts) { return (texts ? *texts : MailCatalog::BuiltIn()).languages(); }

std::string_view MailCatalog::Choose(std::string_view accept_language, std::string_view fallback) const {
  const std::string_view best = http::PreferredLanguage(accept_language, languages_);
  return best.empty() ? fallback : best;
}

const MailText& MailCatalog::Text(std::string_view language, std::string_view name) const {
  const auto found = texts_.find(Key(language, name));
  return found != texts_.end() ? found->second : texts_.at(Key(kEnglish, name));
}

const std::string& MailCatalog::Phrase(std::string_view language, std::string_view name) const {
  const auto found = phrases_.find(Key(language, name));
  return found != phrases_.end() ? found->second : phrases_.at(Key(kEnglish, name));
}

}  // namespace sallyport::signin
