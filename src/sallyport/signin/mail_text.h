// SPDX-License-Identifier: Apache-2.0
// The words of one mail in one language, as they stand in a file:
//
//   Subject: Sign in to {{site}}
//
//   Somebody, most likely you, wants to sign in. The link works for {{life}}.
//
//   [Sign in]
//
//   {{code}}
//
// Paragraphs are parted by empty lines; [words] alone in one is the link, as a button. A tag stands for a value and nothing
// else; values are never read as tags (S53). Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {

using MailFields = std::map<std::string, std::string>;

struct MailParagraph {
  enum class Kind { kText, kButton, kCode };
  Kind kind = Kind::kText;
  std::string text;   // of kButton: its words
};

struct MailText {
  std::string subject;
  std::vector<MailParagraph> paragraphs;
};

inline constexpr std::size_t kMaxMailText = 64 * 1024;

// kTemplate; the detail says what is wrong with it, for whoever wrote it.
Result<MailText> ParseMailText(std::string_view source);
// The names of the tags in `text`. kTemplate: a brace that is no tag.
Result<std::vector<std::string>> TagsIn(std::string_view text);
// kTemplate when a tag has no value.
Result<std::string> FillIn(std::string_view text, const MailFields& values);

}  // namespace sallyport::signin
