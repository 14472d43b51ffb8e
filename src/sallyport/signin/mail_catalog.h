// SPDX-License-Identifier: Apache-2.0
// The words of all mails in all languages: English and German compiled in from signin/mails/, and what an operator puts in
// their place.
//
// A folder of one's own has LANGUAGE/NAME.txt (mail_text.h), LANGUAGE/phrases.txt ("minute = minute" …) and layout.html
// (mustache, every value escaped, S53). What it does not have is taken from the compiled-in texts, of a new language in
// English. Immutable and thread-safe after construction.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/signin/mail_text.h"

namespace sallyport::signin {

// One file of signin/mails/, "en/signin.txt" or "layout.html".
struct MailFile {
  std::string_view name, text;
};
std::span<const MailFile> BuiltInMailFiles();

// What the product knows of a mail, whatever its words.
struct MailKind {
  std::string_view name;                      // identity::kMail…
  std::vector<std::string_view> required;     // fields of the intent
  std::string_view link_path;                 // the token is added as its query, and the field "provider" to a path that ends in '/'; empty: no link
};
std::span<const MailKind> MailKinds();
const MailKind* FindMailKind(std::string_view name);

class MailCatalog {
 public:
  static const MailCatalog& BuiltIn();
  // kTemplate, with "de/signin.txt: what is wrong" as the detail. Reads the folder now and never again.
  static Result<MailCatalog> Load(const std::string& folder);

  const std::vector<std::string>& languages() const { return languages_; }   // lower-case tags, sorted
  // The language for somebody whose browser says `accept_language`; else `fallback`, which is one of ours.
  std::string_view Choose(std::string_view accept_language, std::string_view fallback) const;

  // `language` is one of ours, `name` one of MailKinds.
  const MailText& Text(std::string_view language, std::string_view name) const;
  // "minute", "minutes", "hour", "hours", "open_address".
  const std::string& Phrase(std::string_view language, std::string_view name) const;
  const std::string& layout() const { return layout_; }

 private:
  MailCatalog() = default;
  Result<void> Add(std::string_view file, std::string_view text);
  Result<void> AddText(const std::string& language, const std::string& name, std::string_view text);
  Result<void> AddPhrases(const std::string& language, std::string_view text);
  Result<void> AddLayout(std::string_view text);

  std::vector<std::string> languages_;
  std::map<std::string, MailText, std::less<>> texts_;          // by "de/signin"
  std::map<std::string, std::string, std::less<>> phrases_;     // by "de/minute"
  std::string layout_;
};

}  // namespace sallyport::signin
