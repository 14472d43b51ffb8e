// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/pages/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <stdexcept>

#include "sallyport/gateway/pages/page_template.h"
#include "sallyport/gateway/pages/theme.h"

namespace sallyport::gateway {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::list;
using kainjow::mustache::mustache;
using kainjow::mustache::partial;

data Partial(std::string_view name) {
  return partial([name] { return std::string(FindPageTemplate(name)); });
}

// Sections of this engine are shown for any string, the empty one included; so an empty value is not set at all.
void Put(data& to, const std::string& name, std::string_view value) {
  if (!value.empty()) to.set(name, std::string(value));
}

std::string Render(const PagesOptions& pages, std::string_view body, std::string_view title, data values, std::string_view shape = "narrow") {
  values.set("site", pages.name);
  values.set("title", std::string(title));
  values.set("shape", std::string(shape));
  values.set("initial", pages.name.empty() ? std::string("S") : pages.name.substr(0, 1));
  Put(values, "logo", pages.logo);
  values.set("body", Partial(body));
  values.set("fields_partial", Partial("fields.mustache"));
  values.set("hidden", Partial("hidden.mustache"));
  values.set("alerts", Partial("alerts.mustache"));
  mustache layout{std::string(FindPageTemplate("layout.mustache"))};
  std::string out = layout.render(values);
  if (!layout.is_valid()) throw std::logic_error("page template: " + layout.error_message());
  return out;
}

struct Field {
  std::string name, label, type, autocomplete;
  std::string hint = {};
  std::size_t min_length = 0;
  bool required = true;
  std::string input_mode = {};
};

list MakeFields(const FormState& form, const std::vector<Field>& fields, const std::string& id_prefix = "") {
  const auto first_bad = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return form.field_errors.contains(f.name); });
  const auto focus = first_bad != fields.end() ? first_bad
                                               : std::find_if(fields.begin(), fields.end(), [&](const Field& f) {
                                                   const auto typed = form.values.find(f.name);
                                                   return typed == form.values.end() || typed->second.empty();
                                                 });
  list out;
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    data item;
    const std::string id = id_prefix + field->name;
    item.set("id", id);
    item.set("name", field->name);
    item.set("label", field->label);
    item.set("type", field->type);
    item.set("autocomplete", field->autocomplete);
    const auto typed = form.values.find(field->name);
    item.set("value", typed == form.values.end() || field->type == "password" ? std::string() : typed->second);
    item.set("required", field->required ? data::type::bool_true : data::type::bool_false);
    // Shadowed on purpose: a section looks outwards for what its item does not have.
    item.set("autofocus", field == focus && id_prefix.empty() ? data::type::bool_true : data::type::bool_false);
    std::string described_by;
    const auto error = form.field_errors.find(field->name);
    item.set("error", error == form.field_errors.end() ? data(data::type::bool_false) : data(error->second));
    item.set("hint", field->hint.empty() ? data(data::type::bool_false) : data(field->hint));
    if (!field->hint.empty()) described_by = id + "-hint";
    if (error != form.field_errors.end()) described_by += (described_by.empty() ? "" : " ") + id + "-error";
    item.set("input_mode", field->input_mode.empty() ? data(data::type::bool_false) : data(field->input_mode));
    item.set("described_by", described_by.empty() ? data(data::type::bool_false) : data(described_by));
    item.set("min_length", field->min_length == 0 ? data(data::type::bool_false) : data(std::to_string(field->min_length)));
    out.push_back(item);
  }
  return out;
}

void PutForm(data& values, const FormState& form) {
  values.set("csrf", form.csrf_token);
  Put(values, "callback", form.callback_url);
  Put(values, "error", form.error);
}

Field EmailField() { return {"email", "E-mail address", "email", "username"}; }
Field CurrentPassword(std::string name, std::string label) { return {std::move(name), std::move(label), "password", "current-password"}; }
Field NewPassword(std::size_t min_length, std::string label) {
  return {"password", std::move(label), "password", "new-password", fmt::format("At least {} characters.", min_length), min_length};
}

data Flag(bool value) { return value ? data(data::type::bool_true) : data(data::type::bool_false); }

}  // namespace

std::string_view FindPageTemplate(std::string_view name) {
  for (const PageTemplate& candidate : PageTemplates()) {
    if (candidate.name == name) return candidate.text;
  }
  return {};
}

std::string RenderErrorPage(const PagesOptions& pages, std::uint16_t status, std::string_view title, std::string_view request_id) {
  data values;
  values.set("status", std::to_string(status));
  values.set("heading", std::string(title));
  values.set("request_id", std::string(request_id));
  return Render(pages, "error.mustache", title, values);
}

std::string RenderSignInPage(const PagesOptions& pages, const SignInPage& page) {
  data values;
  PutForm(values, page.form);
  Put(values, "notice", page.notice);
  list methods;
  for (const SignInPage::Method& method : page.methods) {
    const bool several = page.methods.size() > 1;
    data item;
    item.set("id", method.id);
    item.set("label", several ? data("With " + method.name) : Flag(false));
    item.set("action", (method.by_mail ? "/api/auth/signin/" : "/api/auth/callback/") + method.id);
    item.set("button", std::string(method.by_mail ? "Mail me a link" : "Sign in"));
    std::vector<Field> fields{method.email ? EmailField() : Field{"username", "User name", "text", "username"}};
    if (!method.by_mail) fields.push_back(CurrentPassword("password", "Password"));
    item.set("fields", data(MakeFields(page.form, fields, several ? method.id + "-" : "")));
    methods.push_back(item);
  }
  list providers;
  for (const SignInPage::Provider& provider : page.providers) {
    data item;
    item.set("id", provider.id);
    item.set("name", provider.name);
    providers.push_back(item);
  }
  values.set("providers", data(providers));
  values.set("or", Flag(!page.providers.empty() && !page.methods.empty()));
  Put(values, "more_href", page.more_href);
  values.set("methods", data(methods));
  values.set("any_method", Flag(!page.methods.empty() || !page.providers.empty()));
  values.set("can_register", Flag(page.can_register));
  values.set("can_reset", Flag(page.can_reset));
  values.set("has_links", Flag(page.can_register || page.can_reset || !page.more_href.empty()));
  return Render(pages, "signin.mustache", "Sign in", values);
}

std::string RenderSignOutPage(const PagesOptions& pages, const FormState& form, std::string_view who) {
  data values;
  PutForm(values, form);
  Put(values, "who", who);
  return Render(pages, "signout.mustache", "Sign out", values);
}

std::string RenderRegisterPage(const PagesOptions& pages, const FormState& form, std::size_t min_password) {
  data values;
  PutForm(values, form);
  Field name{"name", "Your name", "text", "name"};
  name.required = false;
  name.hint = "Shown to others on this site. You may leave it empty.";
  values.set("fields", data(MakeFields(form, {EmailField(), name, NewPassword(min_password, "Password")})));
  return Render(pages, "register.mustache", "Create an account", values);
}

std::string RenderMessagePage(const PagesOptions& pages, const MessagePage& page) {
  data values;
  values.set("heading", page.heading);
  values.set("text", page.text);
  values.set("is_error", Flag(page.is_error));
  Put(values, "link_href", page.link_href);
  Put(values, "link_text", page.link_text);
  return Render(pages, "message.mustache", page.heading, values);
}

std::string RenderConfirmPage(const PagesOptions& pages, const ConfirmPage& page) {
  data values;
  PutForm(values, page.form);
  const std::string heading = page.changes_address ? "Confirm your new address" : "Confirm your address";
  values.set("heading", heading);
  values.set("address", page.address);
  values.set("token", page.token);
  values.set("action", page.changes_address ? "/api/auth/email/change" : "/api/auth/email/verify");
  values.set("button", page.changes_address ? "Use this address" : "Confirm and sign in");
  if (page.changes_address) {
    values.set("explanation", "From now on your account will have this address:");
  } else if (page.needs_password) {
    values.set("explanation", "This is another browser than the one you registered with. Type the password that you chose, and the account is yours:");
    values.set("fields", data(MakeFields(page.form, {CurrentPassword("password", "Password")})));
  } else {
    values.set("explanation", "One click, and your account is ready:");
  }
  if (page.changes_address || !page.needs_password) values.set("fields", data(list()));
  return Render(pages, "confirm.mustache", heading, values);
}

std::string RenderCheckMailPage(const PagesOptions& pages, const CheckMailPage& page) {
  data values;
  PutForm(values, page.form);
  values.set("address", page.address);
  values.set("minutes", std::to_string(page.minutes));
  values.set("action", "/api/auth/callback/" + page.provider);
  Put(values, "mailbox", page.mailbox);
  Field code{"code", "Code from the mail", "text", "one-time-code"};
  code.input_mode = "numeric";
  values.set("fields", data(MakeFields(page.form, {code})));
  return Render(pages, "check_mail.mustache", "Check your mail", values);
}

std::string RenderEmailLinkPage(const PagesOptions& pages, const EmailLinkPage& page) {
  data values;
  PutForm(values, page.form);
  values.set("heading", "Sign in to " + pages.name);
  values.set("address", page.address);
  values.set("token", page.token);
  values.set("action", "/api/auth/callback/" + page.provider);
  values.set("button", std::string("Sign in"));
  if (page.asked_here) {
    values.set("explanation", std::string("One click, and you are signed in as"));
    values.set("fields", data(list()));
  } else {
    values.set("explanation", std::string("Another browser asked for this link. It can sign you in here too, as"));
    Field address = EmailField();
    address.label = "Your e-mail address";
    address.hint = "Type the address that the mail came to.";
    values.set("fields", data(MakeFields(page.form, {address})));
  }
  return Render(pages, "confirm.mustache", "Sign in", values);
}

std::string RenderResetRequestPage(const PagesOptions& pages, const FormState& form) {
  data values;
  PutForm(values, form);
  values.set("fields", data(MakeFields(form, {EmailField()})));
  return Render(pages, "reset_request.mustache", "Forgot your password?", values);
}

std::string RenderResetPage(const PagesOptions& pages, const FormState& form, std::string_view token, std::string_view address,
                            std::size_t min_password) {
  data values;
  PutForm(values, form);
  values.set("token", std::string(token));
  values.set("address", std::string(address));
  values.set("fields", data(MakeFields(form, {NewPassword(min_password, "New password")})));
  return Render(pages, "reset.mustache", "Choose a new password", values);
}

std::string RenderAccountPage(const PagesOptions& pages, const AccountPage& page) {
  data values;
  PutForm(values, page.form);
  Put(values, "notice", page.notice);
  Put(values, "name", page.name);
  Put(values, "email", page.email);
  values.set("signed_in", page.signed_in);
  list devices;
  for (const AccountPage::Device& device : page.devices) {
    data item;
    item.set("id", device.id);
    item.set("description", device.description);
    item.set("address", device.address);
    item.set("last_seen", device.last_seen);
    item.set("current", Flag(device.current));
    devices.push_back(item);
  }
  values.set("devices", data(devices));
  list connections;
  for (const AccountPage::Connection& connection : page.connections) {
    data item;
    item.set("provider", connection.provider);
    item.set("provider_name", connection.name);
    item.set("account", connection.account);
    item.set("connected", Flag(!connection.account.empty()));
    connections.push_back(item);
  }
  values.set("connections", data(connections));
  values.set("any_connection", Flag(!page.connections.empty()));
  values.set("return_url", page.return_url);
  values.set("has_others", Flag(page.devices.size() > 1));
  values.set("has_password", Flag(page.has_password));
  values.set("password_open", Flag(page.open_form == "password"));
  values.set("email_open", Flag(page.open_form == "email"));
  const FormState untouched;
  const FormState& password_state = page.open_form == "password" ? page.form : untouched;
  const FormState& email_state = page.open_form == "email" ? page.form : untouched;
  data password_form, email_form;
  password_form.set("fields", data(MakeFields(password_state, {CurrentPassword("current", "Current password"), NewPassword(page.min_password, "New password")}, "password-")));
  Field address = EmailField();
  address.label = "New e-mail address";
  address.autocomplete = "email";
  email_form.set("fields", data(MakeFields(email_state, {address, CurrentPassword("current", "Current password")}, "email-")));
  values.set("password_form", password_form);
  values.set("email_form", email_form);
  return Render(pages, "account.mustache", "Your account", values, "wide");
}

std::string RenderMailboxPage(const PagesOptions& pages, const MailboxPage& page) {
  data values;
  list mails;
  for (const MailboxPage::Mail& mail : page.mails) {
    data item;
    item.set("to", mail.to);
    item.set("subject", mail.subject);
    item.set("at", mail.at);
    item.set("text", mail.text);
    list links;
    for (const std::string& href : mail.links) {
      data link;
      link.set("href", href);
      links.push_back(link);
    }
    item.set("links", data(links));
    mails.push_back(item);
  }
  values.set("mails", data(mails));
  values.set("any_mail", Flag(!page.mails.empty()));
  return Render(pages, "mailbox.mustache", "Development mailbox", values, "wide");
}

std::string RenderStyleSheet(const PagesOptions& pages) {
  constexpr Rgb kWhite{255, 255, 255}, kBlack{0, 0, 0}, kDarkCard{0x17, 0x1a, 0x21};
  const Rgb brand = ParseColor(pages.color);
  const Rgb on_brand = Contrast(brand, kWhite) >= 4.5 ? kWhite : kBlack;
  const std::string light = fmt::format(
      "--brand:{};--on-brand:{};--brand-text:{};--ground:#f4f5f8;--card:#ffffff;--text:#1b1f29;--muted:#596070;--line:#e3e6ec;--field:#ffffff;"
      "--field-line:#868d9c;--bad:#b3201f;--bad-ground:#fdf1f0;--good:#17663a;--good-ground:#eef8f1;--shadow:0 1px 2px rgb(20 25 40/.06),0 8px 24px rgb(20 25 40/.07)",
      ToCss(brand), ToCss(on_brand), ToCss(ReadableOn(brand, kWhite)));
  const std::string dark = fmt::format(
      "--brand-text:{};--ground:#0f1117;--card:#171a21;--text:#eceef3;--muted:#a3aab8;--line:#2a2f3a;--field:#0f1117;--field-line:#6c7484;"
      "--bad:#ff9a94;--bad-ground:#2c1717;--good:#86d9a4;--good-ground:#12261a;--shadow:none",
      ToCss(ReadableOn(brand, kDarkCard)));
  return ":root{color-scheme:light dark;" + light + "}\n@media (prefers-color-scheme:dark){:root{" + dark + "}}\n" +
         std::string(FindPageTemplate("style.css"));
}

}  // namespace sallyport::gateway
