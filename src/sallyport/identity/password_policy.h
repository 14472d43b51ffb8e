// SPDX-License-Identifier: Apache-2.0
// Which new passwords are taken (S51, NIST SP 800-63B-4 §3.1.1): length and a blocklist, no composition rules.
//
// Length counts code points (8, or 15 where the password is the only factor); at most 1024 bytes; bytes that are not UTF-8
// count one each. Blocked: what is on the built-in list of common passwords, also in other case, with look-alike signs
// (p@ssw0rd) or with up to six signs that are no letters put around it; one character or a short piece repeated; runs of the
// keyboard or the alphabet; the address, its local part (≥ 4 characters) or the site's name, alone or with fewer than
// `min_length` characters around it. Passwords that exist already are never judged.
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
