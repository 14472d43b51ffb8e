// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_template.h"

#include <algorithm>
#include <charconv>
#include <kainjow/mustache.hpp>

namespace sallyport::signin {
namespace {

namespace mustache = kainjow::mustache;
using Kind = MailParagraph::Kind;

struct Words {
  const MailCatalog& catalog;
  std::string_view language;
  std::string_view Phrase(std::string_view name) const { return catalog.Phrase(language, name); }
};

// "15 minutes", "1 hour".
std::string LifeOf(const Words& words, std::string_view minutes) {
  long count = 0;
  std::from_chars(minutes.data(), minutes.data() + minutes.size(), count);
  const bool hours = count >= 60 && count % 60 == 0;
  const auto amount = hours ? count / 60 : count;
  const std::string_view one = hours ? "hour" : "minute", many = hours ? "hours" : "minutes";
  return std::to_string(amount) + " " + std::string(words.Phrase(amount == 1 ? one : many));
}

std::string ColorOf(const std::string& color) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  const bool valid = color.size() == 7 && color[0] == '#' && std::all_of(color.begin() + 1, color.end(), is_hex);
  return valid ? color : MailBranding{}.color;
}

// Black or white, whichever has the better contrast on `color` (relative luminance, roughly).
const char* InkOn(const std::string& color) {
  const auto channel = [&](std::size_t at) { return std::stoi(color.substr(at, 2), nullptr, 16); };
  return 299 * channel(1) + 587 * channel(3) + 114 * channel(5) > 150'000 ? "#111111" : "#ffffff";
}

std::string LinkFor(const MailKind& kind, const MailFields& fields, const Origin& public_url) {
  if (kind.link_path.empty()) return {};
  auto link = public_url.ToString() + std::string(kind.link_path);
  if (const auto provider = fields.find("provider"); link.ends_with('/') && provider != fields.end()) link += PercentEncode(provider->second);
  if (const auto token = fields.find("token"); token != fields.end()) link += "?token=" + PercentEncode(token->second);
  return link;
}

std::string RenderText(const std::vector<MailParagraph>& paragraphs, const std::string& link, const std::string& site) {
  std::string text;
  for (const MailParagraph& paragraph : paragraphs) {
    if (paragraph.kind == Kind::kButton) text += paragraph.text + ":\n" + link + "\n\n";
    else text += (paragraph.kind == Kind::kCode ? "    " : "") + paragraph.text + "\n\n";
  }
  return text + "-- \n" + site + "\n";
}

// What comes after the link, and the last paragraph, is small.
mustache::data ParagraphsOf(const Words& words, const std::vector<MailParagraph>& paragraphs, const std::string& link) {
  mustache::data list{mustache::data::type::list};
  const mustache::data none{mustache::data::type::bool_false};
  bool small = false;
  for (const MailParagraph& paragraph : paragraphs) {
    small |= &paragraph == &paragraphs.back();
    mustache::data item;
    // Unset on purpose, each: a section looks outwards for what its item does not have.
    for (const char* name : {"text", "small", "code", "button"}) item.set(name, none);
    const char* const as = paragraph.kind == Kind::kButton ? "button" : paragraph.kind == Kind::kCode ? "code" : small ? "small" : "text";
    item.set(as, paragraph.text);
    item.set("href", link);
    item.set("open_address", std::string(words.Phrase("open_address")));
    list.push_back(item);
    small |= paragraph.kind == Kind::kButton;
  }
  return list;
}

Result<std::string> RenderHtml(const Words& words, const std::vector<MailParagraph>& paragraphs, const RenderedMail& mail,
                               const MailBranding& branding) {
  const auto color = ColorOf(branding.color);
  mustache::data page;
  page.set("language", std::string(words.language));
  page.set("site", branding.name);
  page.set("color", color);
  page.set("ink", InkOn(color));
  page.set("subject", mail.subject);
  page.set("paragraphs", ParagraphsOf(words, paragraphs, mail.link));
  mustache::mustache layout{words.catalog.layout()};
  auto html = layout.render(page);
  if (!layout.is_valid()) return Fail(Errc::kTemplate, layout.error_message());
  return html;
}

}  // namespace

Result<RenderedMail> RenderMail(const MailCatalog& catalog, std::string_view language, std::string_view name, const MailFields& fields,
                                const MailBranding& branding, const Origin& public_url) {
  const MailKind* kind = FindMailKind(name);
  if (!kind) return Fail(Errc::kTemplate, "no such mail");
  const Words words{catalog, language};
  MailFields values;
  for (const auto field : kind->required) {
    const auto found = fields.find(std::string(field));
    if (found == fields.end() || found->second.empty()) return Fail(Errc::kTemplate, "missing field " + std::string(field));
    values.insert(*found);
  }
  values["site"] = branding.name;
  if (const auto minutes = fields.find("minutes"); minutes != fields.end()) values["life"] = LifeOf(words, minutes->second);

  const MailText& text = catalog.Text(language, name);
  RenderedMail out;
  SALLYPORT_TRY(out.subject, FillIn(text.subject, values));
  std::vector<MailParagraph> paragraphs = text.paragraphs;
  for (MailParagraph& paragraph : paragraphs) {
    SALLYPORT_TRY(paragraph.text, FillIn(paragraph.text, values));
  }
  out.link = LinkFor(*kind, fields, public_url);
  out.text = RenderText(paragraphs, out.link, branding.name);
  SALLYPORT_TRY(out.html, RenderHtml(words, paragraphs, out, branding));
  return out;
}

}  // namespace sallyport::signin
