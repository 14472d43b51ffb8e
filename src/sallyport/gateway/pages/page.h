// SPDX-License-Identifier: Apache-2.0
// Our own pages: server-rendered, complete without script, accessible (labels, errors tied to fields, focus, contrast), light
// and dark, themable by name, colour and logo. Every value is escaped by the template engine; a test refuses unescaped tags
// (S53). Texts and layout are in pages/templates/; the style sheet is served from /api/auth/style.css.
//
// Pure functions of their arguments. All forms post urlencoded to the paths named in each struct, with the hidden field
// `csrfToken`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/gateway/options.h"

namespace sallyport::gateway {

// "Something went wrong" for navigations: status, a sentence, the request id to quote, a way back to "/".
std::string RenderErrorPage(const PagesOptions& pages, std::uint16_t status, std::string_view title,
                            std::string_view request_id);

struct FormState {
  std::string csrf_token;
  std::string callback_url;                       // absolute, ours; hidden field `callbackUrl`
  std::string error;                              // a sentence above the form; empty: none
  std::map<std::string, std::string> values;      // what was typed, by field name; never passwords
  std::map<std::string, std::string> field_errors;  // a sentence by field name
};

// POST /api/auth/callback/<id> with email|username and password; POST /api/auth/signin/<id> for a provider.
struct SignInPage {
  struct Method {
    std::string id;        // "credentials"
    std::string name;      // "password" | the back end's label
    bool email = true;     // the identifier is an e-mail address (input type and autocomplete)
    bool by_mail = false;  // POST /api/auth/signin/<id> with email alone: a link and a code are mailed
  };
  FormState form;
  std::vector<Method> methods;
  bool can_register = false;   // link to /api/auth/register
  bool can_reset = false;      // link to /api/auth/password/reset
  std::string notice;          // "Your address is confirmed. Sign in now."
  struct Provider {
    std::string id, name;      // "google", "Google"
  };
  std::vector<Provider> providers = {};
  std::string more_href = {};  // to the page with every way to sign in, when this one has been narrowed down
};
std::string RenderSignInPage(const PagesOptions& pages, const SignInPage& page);

// POST /api/auth/signout.
std::string RenderSignOutPage(const PagesOptions& pages, const FormState& form, std::string_view who);

// POST /api/auth/register with email, name, password.
std::string RenderRegisterPage(const PagesOptions& pages, const FormState& form, std::size_t min_password);

// A heading, a sentence or two, perhaps one link; "check your mail", "password changed", AccessDenied, Verification…
struct MessagePage {
  std::string heading, text;
  std::string link_text, link_href;
  bool is_error = false;
};
std::string RenderMessagePage(const PagesOptions& pages, const MessagePage& page);

// POST /api/auth/email/verify (or /email/change) with token and, when `needs_password`, password: the link from a mail.
struct ConfirmPage {
  FormState form;
  std::string token, address;
  bool needs_password = false;   // this browser did not ask: the password chosen at registration proves the person
  bool changes_address = false;  // an e-mail change, not a registration
};
std::string RenderConfirmPage(const PagesOptions& pages, const ConfirmPage& page);

// POST /api/auth/callback/<provider> with code: the browser that asked for a sign-in mail waits here.
struct CheckMailPage {
  FormState form;
  std::string provider, address;
  std::int64_t minutes = 15;     // how long the mail is good
  std::string mailbox;           // `dev`: where the mail can be seen
};
std::string RenderCheckMailPage(const PagesOptions& pages, const CheckMailPage& page);

// POST /api/auth/callback/<provider> with token and, unless this browser asked, email: the link from a sign-in mail.
struct EmailLinkPage {
  FormState form;
  std::string provider, token, address;
  bool asked_here = false;
};
std::string RenderEmailLinkPage(const PagesOptions& pages, const EmailLinkPage& page);

// POST /api/auth/password/reset with email.
std::string RenderResetRequestPage(const PagesOptions& pages, const FormState& form);
// POST /api/auth/password/reset with token and password.
std::string RenderResetPage(const PagesOptions& pages, const FormState& form, std::string_view token, std::string_view address,
                            std::size_t min_password);

// The person's own page. Forms: /api/auth/password (current, password), /api/auth/email/change (email, current),
// /api/auth/sessions/end (id, or all=others), /api/auth/signin/<provider> to connect, /api/auth/account/disconnect (provider,
// account, _csrf), /api/auth/signout.
struct AccountPage {
  struct Device {
    std::string id, description;      // "Chrome on Linux"
    std::string address, last_seen;   // "203.0.113.7", "today at 14:02 UTC"
    bool current = false;
  };
  FormState form;
  std::string name, email;
  std::string signed_in;              // "with a password, today at 09:12 UTC"
  bool has_password = false;          // show the password and e-mail forms
  std::string notice;                 // "Your password was changed. Other devices were signed out."
  std::string open_form;              // "password" | "email": the one whose errors are shown
  std::size_t min_password = 8;
  std::vector<Device> devices;
  struct Connection {
    std::string provider, name;       // "google", "Google"
    std::string account;              // its id there; empty: not connected
  };
  std::vector<Connection> connections = {};
  std::string return_url = {};        // of this page, with its notice, for connecting
};
std::string RenderAccountPage(const PagesOptions& pages, const AccountPage& page);

// `dev` only: what would have been mailed.
struct MailboxPage {
  struct Mail {
    std::string to, subject, at, text, state;
    std::vector<std::string> links;
  };
  std::vector<Mail> mails;            // newest first
};
std::string RenderMailboxPage(const PagesOptions& pages, const MailboxPage& page);

// The style sheet, with the theme's colour (contrast kept readable in light and dark).
std::string RenderStyleSheet(const PagesOptions& pages);

}  // namespace sallyport::gateway
