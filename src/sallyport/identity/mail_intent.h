// SPDX-License-Identifier: Apache-2.0
// What is to be mailed, as a value: the flows decide it, signin/mail_sender.h renders and sends it.
//
// Every intent has the fields "email" (the recipient) and "name" (may be empty). Those with a link have "token", "purpose"
// (as in VerificationToken) and "minutes" (how long it works). Tokens are secrets: intents are never logged.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sallyport/base/clock.h"

namespace sallyport::identity {

struct MailIntent {
  std::string to;              // canonical address
  std::string template_name;   // one of the below
  std::map<std::string, std::string> fields;
  std::string accept_language = {};   // of whoever caused it; empty: nobody is known
};

inline constexpr std::string_view kMailRegister = "register";                    // link: confirm the address
inline constexpr std::string_view kMailRegisterKnown = "register_known";         // somebody registered with an address we know
inline constexpr std::string_view kMailReset = "reset";                          // link: choose a new password
inline constexpr std::string_view kMailResetUnknown = "reset_unknown";           // no account has this address
inline constexpr std::string_view kMailPasswordChanged = "password_changed";     // notice
inline constexpr std::string_view kMailEmailChange = "email_change";             // link, to the new address
inline constexpr std::string_view kMailEmailChangeTaken = "email_change_taken";  // to the new address: another account has it
inline constexpr std::string_view kMailEmailChangeNotice = "email_change_notice";  // to the old address; field "new_email"
inline constexpr std::string_view kMailSignIn = "signin";                        // link, and the field "code"
inline constexpr std::string_view kMailSignInUnknown = "signin_unknown";         // nobody signs in with this address

// The fields that every intent has.
MailIntent MailTo(const std::string& email, const std::string& name, std::string_view template_name);
// Adds the fields of a link.
MailIntent WithLink(MailIntent mail, const std::string& token, std::string_view purpose, Duration lifetime);

}  // namespace sallyport::identity
