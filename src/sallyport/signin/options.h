// SPDX-License-Identifier: Apache-2.0
// Settings of the sign-in methods; config/ fills them in.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sallyport/base/clock.h"
#include "sallyport/base/result.h"
#include "sallyport/base/secret.h"
#include "sallyport/signin/providers/options.h"

namespace sallyport::signin {

enum class Registration : std::uint8_t { kClosed, kVerified, kOpen };

struct PasswordOptions {
  bool enabled = false;
  Registration registration = Registration::kClosed;   // "closed" by default when there is no mail, "verified" with it
  std::size_t min_length = 8;                           // code points; 8 or 15 (NIST AAL1)
  Duration reset_lifetime = std::chrono::hours(1);
  Duration verify_lifetime = std::chrono::hours(24);
};

// The existing API checks the password (POST, JSON); its tokens stay in the session.
struct BackendOptions {
  bool enabled = false;
  std::string url;                                      // login endpoint
  std::map<std::string, std::string> fields;            // ours → theirs: {"email": "username"}; unlisted names pass as they are
  // Dotted paths into the answer, e.g. "data.accessToken". Empty: not taken.
  std::string user_path = "user";
  std::string id_path = "user.id", name_path = "user.name", email_path = "user.email", image_path = "user.image";
  std::string groups_path;                              // an array of strings
  std::string access_token_path = "accessToken", refresh_token_path = "refreshToken", expires_in_path = "expiresIn";
  std::vector<std::string> claims;                      // members of the user object kept as custom claims
  std::string refresh_url;                              // POST {refresh_field: token}; answer read by the token paths
  std::string refresh_field = "refreshToken";
  std::string logout_url;                               // POST with the bearer at sign-out; best effort
  Duration timeout{10'000};

  bool operator==(const BackendOptions&) const = default;
};

class MailCatalog;
// The operator's mail texts (mail_catalog.h). kTemplate, with what is wrong as the detail.
Result<std::shared_ptr<const MailCatalog>> LoadMailTexts(const std::string& folder);
// Null: of the built-in ones.
std::vector<std::string> MailLanguages(const MailCatalog* texts);

// Sign-in by a link and a code in a mail.
struct EmailSignInOptions {
  bool enabled = false;
  std::string id = "email";                             // next-auth provider id
  std::vector<std::string> aliases;                     // other ids that mean the same: "nodemailer", "resend"
  Duration lifetime = std::chrono::minutes(15);         // of link and code
  bool allow_registration = true;                       // an address that nobody has becomes a user
};

struct EmailOptions {
  bool enabled = false;                                 // mail can be sent (or, in dev, shown)
  std::string smtp_url, smtp_user;
  Secret smtp_password;
  std::string from = "Sallyport <no-reply@localhost>";
  bool keep_in_mailbox = false;                         // dev: to the log and the mailbox page instead of SMTP
  std::shared_ptr<const MailCatalog> texts;             // the operator's words; null: the built-in ones
  std::string language = "en";                          // where the person's browser asks for none that is there
};

// Rates are per address (IPv6 by /64) and per account (S55).
struct ThrottleOptions {
  int failures_before_delay = 5;                        // per (account, address)
  Duration lockout = std::chrono::minutes(1);           // doubles up to max_lockout
  Duration max_lockout = std::chrono::minutes(15);
  int attempts_per_address_per_minute = 60;
  int attempts_per_account_per_hour = 100;
  int mails_per_address_per_hour = 20;
  int mails_per_account_per_hour = 5;
  int unknown_sessions_per_address_per_minute = 600;    // session cookies that nobody knows

  bool operator==(const ThrottleOptions&) const = default;
};

struct SigninOptions {
  PasswordOptions password;
  BackendOptions backend;
  EmailOptions email;
  EmailSignInOptions email_sign_in;
  ThrottleOptions throttle;
  std::vector<ProviderOptions> providers;               // OAuth 2.0 and OpenID Connect; in the order of the file, then by id
  std::string password_id = "credentials";              // next-auth provider ids
  std::string backend_id = "credentials";               // "backend" when both are on
};

}  // namespace sallyport::signin
