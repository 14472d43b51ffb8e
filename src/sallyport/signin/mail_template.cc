// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_template.h"

#include <algorithm>
#include <charconv>
#include <kainjow/mustache.hpp>

namespace sallyport::signin {
namespace {

namespace mustache = kainjow::mustache;

// For text/plain and as input of the layout, which escapes.
Result<std::string> RenderPlain(std::string_view source, const mustache::data& values) {
  mustache::mustache line{std::string(source)};
  line.set_custom_escape([](const std::string& s) { return s; });
  auto out = line.render(values);
  if (!line.is_valid()) return Fail(Errc::kTemplate, line.error_message());
  return out;
}

std::string LifeOf(std::string_view minutes) {
  long count = 0;
  std::from_chars(minutes.data(), minutes.data() + minutes.size(), count);
  const bool hours = count >= 60 && count % 60 == 0;
  const auto amount = hours ? count / 60 : count;
  return std::to_string(amount) + (hours ? " hour" : " minute") + (amount == 1 ? "" : "s");
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

Result<std::vector<std::string>> RenderLines(const std::vector<std::string_view>& lines, const mustache::data& values) {
  std::vector<std::string> out;
  for (const auto line : lines) {
    SALLYPORT_TRY(out.emplace_back(), RenderPlain(line, values));
  }
  return out;
}

mustache::data ListOf(const std::vector<std::string>& lines) {
  mustache::data list{mustache::data::type::list};
  for (const auto& line : lines) list.push_back(mustache::data(line));
  return list;
}

Result<std::string> RenderHtml(const RenderedMail& mail, const std::vector<std::string>& before, const std::string& button,
                               const std::vector<std::string>& after, const MailBranding& branding) {
  const auto color = ColorOf(branding.color);
  mustache::data page;
  page.set("site", branding.name);
  page.set("color", color);
  page.set("ink", InkOn(color));
  page.set("subject", mail.subject);
  page.set("before", ListOf(before));
  page.set("after", ListOf(after));
  if (!mail.link.empty()) {
    mustache::data link;
    link.set("href", mail.link);
    link.set("button", button);
    page.set("link", link);
  }
  mustache::mustache layout{std::string(MailLayout())};
  auto html = layout.render(page);
  if (!layout.is_valid()) return Fail(Errc::kTemplate, layout.error_message());
  return html;
}

std::string RenderText(const RenderedMail& mail, const std::vector<std::string>& before, const std::string& button,
                       const std::vector<std::string>& after, const std::string& site) {
  std::string text;
  for (const auto& line : before) text += line + "\n\n";
  if (!mail.link.empty()) text += button + ":\n" + mail.link + "\n\n";
  for (const auto& line : after) text += line + "\n\n";
  return text + "-- \n" + site + "\n";
}

std::string LinkFor(const MailTemplate& mail, const std::map<std::string, std::string>& fields, const Origin& public_url) {
  if (mail.link_path.empty()) return {};
  auto link = public_url.ToString() + std::string(mail.link_path);
  if (const auto provider = fields.find("provider"); link.ends_with('/') && provider != fields.end()) link += PercentEncode(provider->second);
  if (const auto token = fields.find("token"); token != fields.end()) link += "?token=" + PercentEncode(token->second);
  return link;
}

}  // namespace

Result<RenderedMail> RenderMail(std::string_view name, const std::map<std::string, std::string>& fields,
                                const MailBranding& branding, const Origin& public_url) {
  const auto all = MailTemplates();
  const auto mail = std::ranges::find(all, name, &MailTemplate::name);
  if (mail == all.end()) return Fail(Errc::kTemplate, "no such template");
  mustache::data values;
  for (const auto field : mail->required) {
    const auto found = fields.find(std::string(field));
    if (found == fields.end() || found->second.empty()) return Fail(Errc::kTemplate, "missing field " + std::string(field));
    values.set(found->first, found->second);
  }
  values.set("site", branding.name);
  if (const auto minutes = fields.find("minutes"); minutes != fields.end()) values.set("life", LifeOf(minutes->second));

  RenderedMail out;
  SALLYPORT_TRY(out.subject, RenderPlain(mail->subject, values));
  SALLYPORT_TRY(const auto before, RenderLines(mail->before, values));
  SALLYPORT_TRY(const auto after, RenderLines(mail->after, values));
  const std::string button(mail->button);
  out.link = LinkFor(*mail, fields, public_url);
  out.text = RenderText(out, before, button, after, branding.name);
  SALLYPORT_TRY(out.html, RenderHtml(out, before, button, after, branding));
  return out;
}

}  // namespace sallyport::signin
