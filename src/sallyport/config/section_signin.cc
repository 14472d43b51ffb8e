// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "sallyport/config/mail_url.h"
#include "sallyport/config/nearest.h"
#include "sallyport/config/sections.h"

namespace sallyport::config {
namespace {

// A provider id stands in paths (/api/auth/callback/ID) and cookies.
void CheckProviderId(Section& section, std::string_view key, const std::string& id) {
  if (!IsProviderId(id)) section.Report(key, "must be 1 to 64 of a-z, 0-9, - and _");
}

void ReadPath(Section& section, std::string_view key, std::string& out) {
  if (!section.Read(key, out)) return;
  if (out.starts_with('.') || out.ends_with('.') || out.find("..") != std::string::npos) {
    section.Report(key, "is not a dotted path", "write the names of the members: \"data.user.id\"");
  }
}

// The words of the mails: read now, so that a mistake in them is found with all others.
void ReadMailTexts(Section& email, const std::string& folder, signin::EmailOptions& options) {
  if (std::string texts; email.Read("texts", texts)) {
    auto catalog = signin::LoadMailTexts((std::filesystem::path(folder) / texts).string());
    if (!catalog) return email.Report("texts", catalog.error().detail, "the built-in ones are in the sources under signin/mails");
    options.texts = *std::move(catalog);
  }
  if (!email.Read("language", options.language)) return;
  const auto languages = signin::MailLanguages(options.texts.get());
  if (std::find(languages.begin(), languages.end(), options.language) == languages.end())
    email.Report("language", "there are no mail texts in '" + options.language + "'", NearestHint(options.language, languages));
}

}  // namespace

bool IsProviderId(std::string_view id) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), fits);
}

void ReadPassword(Section& password, Config& out) {
  using enum signin::Registration;
  auto& options = out.signin.password;
  options.enabled = password.present();
  password.Read("enabled", options.enabled);
  options.registration = out.signin.email.enabled ? kVerified : kClosed;
  password.ReadChoice<signin::Registration>("registration", options.registration,
                                            {{"verified", kVerified}, {"closed", kClosed}, {"open", kOpen}});
  if (options.registration == kVerified && !out.signin.email.enabled) {
    password.Report("registration", "\"verified\" needs mail to confirm the address", "add [signin.email], or use \"closed\"");
  }
  if (options.enabled && options.registration == kOpen) {
    out.warnings.push_back("signin.password.registration is \"open\": anybody can register any address.");
  }
  password.ReadNumber("min_length", options.min_length, 8, 64);
  password.Read("reset_lifetime", options.reset_lifetime, std::chrono::minutes(5), std::chrono::days(1));
  password.Read("verify_lifetime", options.verify_lifetime, std::chrono::minutes(5), std::chrono::days(14));
  if (password.Read("id", out.signin.password_id)) CheckProviderId(password, "id", out.signin.password_id);
}

void ReadBackend(Section& backend, Section& fields, Config& out) {
  auto& options = out.signin.backend;
  options.enabled = backend.present();
  backend.Read("enabled", options.enabled);
  if (backend.present()) backend.Require("url", "the API's login endpoint, e.g. url = \"http://127.0.0.1:4000/login\"");
  CheckUrl(backend, "url", options.url);
  CheckUrl(backend, "refresh_url", options.refresh_url);
  CheckUrl(backend, "logout_url", options.logout_url);
  const std::pair<std::string_view, std::string*> paths[] = {
      {"user_path", &options.user_path},   {"id_path", &options.id_path},
      {"name_path", &options.name_path},   {"email_path", &options.email_path},
      {"image_path", &options.image_path}, {"groups_path", &options.groups_path},
      {"access_token_path", &options.access_token_path}, {"refresh_token_path", &options.refresh_token_path},
      {"expires_in_path", &options.expires_in_path}};
  for (const auto& [key, target] : paths) ReadPath(backend, key, *target);
  if (options.id_path.empty()) backend.Report("id_path", "must not be empty: the user's id is who signed in");
  backend.ReadList("claims", options.claims);
  backend.Read("refresh_field", options.refresh_field);
  backend.Read("timeout", options.timeout, Duration(100), std::chrono::minutes(2));

  if (const auto* table = backend.present() ? fields.table() : nullptr) {
    for (const auto& [name, value] : table->members) {
      if (value.kind == RawValue::Kind::kString) {
        options.fields[name] = value.text;
      } else {
        fields.ReportAt(value.line, name, "must be a string: the field's name as the API knows it");
      }
    }
  }
  out.signin.backend_id = options.enabled && out.signin.password.enabled ? "backend" : "credentials";
  if (backend.Read("id", out.signin.backend_id)) CheckProviderId(backend, "id", out.signin.backend_id);
  if (options.enabled && out.signin.password.enabled && out.signin.backend_id == out.signin.password_id) {
    backend.Report("id", "is the id of [signin.password] too", "leave it out: it becomes \"backend\"");
  }
}

void ReadEmail(Section& email, const std::string& folder, Config& out) {
  if (!email.present()) return;
  auto& options = out.signin.email;
  options.enabled = true;
  ReadMailTexts(email, folder, options);
  email.Require("smtp", "e.g. smtp = \"smtps://user:${SMTP_PASSWORD}@mail.example.com\"");
  email.Require("from", "e.g. from = \"Example <no-reply@example.com>\"");
  std::string smtp;
  if (email.Read("smtp", smtp)) {
    auto url = ParseMailUrl(smtp);
    if (!url) {
      // Not quoted: it may hold a password (S62).
      email.Report("smtp", "is not smtp:// or smtps:// with a host",
                   "write smtps://USER:${SMTP_PASSWORD}@HOST; percent-encode special characters of the user");
    } else {
      options.smtp_url = std::move(url->url);
      options.smtp_user = std::move(url->user);
      options.smtp_password = std::move(url->password);
    }
  }
  if (email.Read("from", options.from)) {
    const auto at = options.from.find('@');
    const bool control = std::any_of(options.from.begin(), options.from.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (at == std::string::npos || at == 0 || at + 1 == options.from.size() || control) {
      email.Report("from", "is not a mail address", "write \"Example <no-reply@example.com>\"");
    }
  }
}

std::vector<std::string> ProviderIdsInUse(const signin::SigninOptions& signin) {
  std::vector<std::string> ids;
  if (signin.password.enabled) ids.push_back(signin.password_id);
  if (signin.backend.enabled) ids.push_back(signin.backend_id);
  if (signin.email_sign_in.enabled) {
    ids.push_back(signin.email_sign_in.id);
    ids.insert(ids.end(), signin.email_sign_in.aliases.begin(), signin.email_sign_in.aliases.end());
  }
  return ids;
}

void ReadEmailSignIn(Section& email, Config& out) {
  if (!email.present()) return;
  auto& options = out.signin.email_sign_in;
  std::vector<std::string> taken = ProviderIdsInUse(out.signin);
  email.Read("sign_in", options.enabled);
  // Whoever closed registration with a password has closed it.
  options.allow_registration = !out.signin.password.enabled || out.signin.password.registration != signin::Registration::kClosed;
  email.Read("allow_registration", options.allow_registration);
  email.Read("lifetime", options.lifetime, std::chrono::seconds(5), std::chrono::hours(1));
  const auto claim = [&](std::string_view key, const std::string& id) {
    CheckProviderId(email, key, id);
    if (std::find(taken.begin(), taken.end(), id) != taken.end()) email.Report(key, "'" + id + "' is the id of another way to sign in", "choose one that nothing else has");
    taken.push_back(id);
  };
  email.Read("id", options.id);
  email.ReadList("aliases", options.aliases);
  if (!options.enabled) return;
  claim(email.Has("id") ? "id" : "sign_in", options.id);
  for (const std::string& alias : options.aliases) claim("aliases", alias);
}

void ReadThrottle(Section& throttle, Config& out) {
  auto& options = out.signin.throttle;
  throttle.ReadNumber("failures_before_delay", options.failures_before_delay, 1, 1000);
  throttle.Read("lockout", options.lockout, std::chrono::seconds(1), std::chrono::hours(24));
  throttle.Read("max_lockout", options.max_lockout, std::chrono::seconds(1), std::chrono::hours(24));
  throttle.ReadNumber("attempts_per_address_per_minute", options.attempts_per_address_per_minute, 1, 1'000'000);
  throttle.ReadNumber("attempts_per_account_per_hour", options.attempts_per_account_per_hour, 1, 1'000'000);
  throttle.ReadNumber("mails_per_address_per_hour", options.mails_per_address_per_hour, 1, 1'000'000);
  throttle.ReadNumber("mails_per_account_per_hour", options.mails_per_account_per_hour, 1, 1'000'000);
  throttle.ReadNumber("unknown_sessions_per_address_per_minute", options.unknown_sessions_per_address_per_minute, 1, 1'000'000);
  if (options.lockout > options.max_lockout) throttle.Report("lockout", "is longer than max_lockout");
}

}  // namespace sallyport::config
