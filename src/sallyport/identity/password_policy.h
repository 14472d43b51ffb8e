// SPDX-License-Identifier: Apache-2.0
// Which new passwords are taken (S51, NIST SP 800-63B-4 §3.1.1): length and a blocklist, no composition rules.
//
// Length counts code points (8, or 15 where the password is the only factor); at most 1024 bytes; invalid UTF-8 counts bytes.
// Blocked: what is on the built-in list of common passwords, also with digits or punctuation put around it; what is one
// character or a short piece repeated; keyboard and alphabet runs; what is or contains the address's local part (≥ 4
// characters) or the site's name and little else. Existing passwords are never judged.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/secret.h"
#include "sallyport/identity/errc.h"

namespace sallyport::identity {

struct PasswordPolicy {
  std::size_t min_length = 8;      // code points
  std::string site_name;           // of the product's pages; empty: not looked at
};

enum class PasswordProblem : std::uint8_t { kTooShort, kTooLong, kCommon, kLikeIdentity };

// "too_short", "too_long", "common", "like_email": stable.
const char* CodeOf(PasswordProblem problem);
// A sentence for the person.
std::string SentenceFor(PasswordProblem problem, const PasswordPolicy& policy);

// nullopt: fine. `email` is canonical, or empty.
std::optional<PasswordProblem> JudgePassword(std::string_view password, std::string_view email, const PasswordPolicy& policy);

Errc ToErrc(PasswordProblem problem);
// The problem that an error of the flows stands for, if any.
std::optional<PasswordProblem> ProblemOf(const Error& error);

}  // namespace sallyport::identity
