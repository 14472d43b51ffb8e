// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_text.h"

#include <algorithm>

namespace sallyport::signin {
namespace {

constexpr std::string_view kSubject = "Subject:";
constexpr std::string_view kCode = "{{code}}";

std::string_view Trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

std::string_view TakeLine(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return Trimmed(line);
}

MailParagraph ParagraphOf(std::string text) {
  using Kind = MailParagraph::Kind;
  if (text == kCode) return {Kind::kCode, std::move(text)};
  if (text.size() > 2 && text.starts_with('[') && text.ends_with(']')) return {Kind::kButton, text.substr(1, text.size() - 2)};
  return {Kind::kText, std::move(text)};
}

// Calls on_text and on_tag in turn; false at a brace that is no tag.
template <class OnText, class OnTag>
bool Walk(std::string_view text, OnText on_text, OnTag on_tag) {
  while (!text.empty()) {
    const auto open = text.find("{{");
    on_text(text.substr(0, open));
    if (open == std::string_view::npos) return true;
    const auto close = text.find("}}", open);
    if (close == std::string_view::npos) return false;
    const std::string_view name = text.substr(open + 2, close - open - 2);
    const auto is_name = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    if (name.empty() || !std::ranges::all_of(name, is_name)) return false;
    on_tag(name);
    text.remove_prefix(close + 2);
  }
  return true;
}

Error BadTag() { return Error{make_error_code(Errc::kTemplate), "a tag is {{ and }} around a name, nothing else"}; }

}  // namespace

Result<MailText> ParseMailText(std::string_view source) {
  if (source.size() > kMaxMailText) return Fail(Errc::kTemplate, "is longer than 64 KiB");
  MailText out;
  const std::string_view first = TakeLine(source);
  if (!first.starts_with(kSubject)) return Fail(Errc::kTemplate, "must begin with a line \"Subject: …\"");
  out.subject = Trimmed(first.substr(kSubject.size()));
  if (out.subject.empty()) return Fail(Errc::kTemplate, "has an empty subject");
  std::string paragraph;
  while (!source.empty()) {
    const std::string_view line = TakeLine(source);
    if (!line.empty()) paragraph.append(paragraph.empty() ? "" : " ").append(line);
    if (paragraph.empty() || (!line.empty() && !source.empty())) continue;
    out.paragraphs.push_back(ParagraphOf(std::move(paragraph)));
    paragraph.clear();
  }
  if (out.paragraphs.empty()) return Fail(Errc::kTemplate, "has no text");
  return out;
}

Result<std::vector<std::string>> TagsIn(std::string_view text) {
  std::vector<std::string> tags;
  if (!Walk(text, [](std::string_view) {}, [&](std::string_view name) { tags.emplace_back(name); })) return std::unexpected(BadTag());
  return tags;
}

Result<std::string> FillIn(std::string_view text, const MailFields& values) {
  std::string out, missing;
  const bool fine = Walk(text, [&](std::string_view piece) { out += piece; }, [&](std::string_view name) {
    const auto found = values.find(std::string(name));
    if (found != values.end()) out += found->second;
    else missing = name;
  });
  if (!fine) return std::unexpected(BadTag());
  if (!missing.empty()) return Fail(Errc::kTemplate, "there is no value for {{" + missing + "}}");
  return out;
}

}  // namespace sallyport::signin
