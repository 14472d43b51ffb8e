// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/password_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sallyport/crypto/password_hash.h"
#include "sallyport/identity/common_passwords.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/identity/utf8.h"

namespace sallyport::identity {
namespace {

constexpr std::size_t kMaxDecoration = 6;
constexpr std::size_t kMinIdentityPart = 4;
constexpr std::size_t kMaxRepeatedPiece = 4;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// p@55w0rd → password
std::string WithoutLookAlikes(std::string text) {
  static constexpr std::string_view kFrom = "0134578@$!|";
  static constexpr std::string_view kTo = "oieastbasil";
  for (char& c : text) {
    if (const auto at = kFrom.find(c); at != std::string_view::npos) c = kTo[at];
  }
  return text;
}

bool IsListed(std::string_view text) { return std::ranges::binary_search(CommonPasswords(), text); }

// Without what is no letter at both ends; empty when that would be too much.
std::string_view CoreOf(std::string_view text) {
  const auto first = std::ranges::find_if(text, IsLetter);
  if (first == text.end()) return {};
  const auto last = std::find_if(text.rbegin(), text.rend(), IsLetter).base();
  const std::string_view core(first, last);
  return text.size() - core.size() <= kMaxDecoration ? core : std::string_view();
}

bool IsListedSomehow(const std::string& lower) {
  const std::string plain = WithoutLookAlikes(lower);
  const std::string_view core = CoreOf(lower);
  // The look-alikes of the ends are decoration more often than letters: 123 is not "ies".
  return IsListed(lower) || IsListed(plain) || IsListed(core) || IsListed(WithoutLookAlikes(std::string(core)));
}

bool IsRepeatedPiece(std::string_view text) {
  for (std::size_t piece = 1; piece <= kMaxRepeatedPiece && piece * 2 <= text.size(); ++piece) {
    if (text.substr(piece) == text.substr(0, text.size() - piece)) return true;
  }
  return false;
}

bool AreNeighbours(char a, char b) {
  static constexpr std::string_view kRows[] = {"1234567890", "qwertyuiop", "qwertzuiop", "azertyuiop",
                                               "asdfghjkl",  "zxcvbnm",    "yxcvbnm"};
  if (std::abs(a - b) <= 1) return true;
  return std::ranges::any_of(kRows, [&](std::string_view row) {
    const auto i = row.find(a), j = row.find(b);
    return i != std::string_view::npos && j != std::string_view::npos && (i + 1 == j || j + 1 == i);
  });
}

// Made of runs: at most a quarter of the steps from character to character leaves them.
bool IsRun(std::string_view text) {
  std::size_t leaps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) leaps += AreNeighbours(text[i - 1], text[i]) ? 0 : 1;
  return leaps <= text.size() / 4;
}

bool LeansOn(std::string_view lower, std::string_view part, std::size_t min_length) {
  if (CountCodePoints(part) < kMinIdentityPart || lower.find(part) == std::string_view::npos) return false;
  return CountCodePoints(lower) - CountCodePoints(part) < min_length;
}

}  // namespace

const char* CodeOf(PasswordProblem problem) { return NameOf(ToErrc(problem)); }

std::string SentenceFor(PasswordProblem problem, const PasswordPolicy& policy) {
  switch (problem) {
    case PasswordProblem::kTooShort:
      return fmt::format("Use at least {} characters.", policy.min_length);
    case PasswordProblem::kTooLong:
      return fmt::format("Use at most {} bytes.", crypto::kMaxPasswordBytes);
    case PasswordProblem::kCommon:
      return "This password is easy to guess. Choose another, for example four unrelated words.";
    case PasswordProblem::kLikeIdentity:
      return "Do not build the password from your e-mail address or the name of this site.";
  }
  return {};
}

std::optional<PasswordProblem> JudgePassword(std::string_view password, std::string_view email,
                                             const PasswordPolicy& policy) {
  if (password.size() > crypto::kMaxPasswordBytes) return PasswordProblem::kTooLong;
  if (CountCodePoints(password) < policy.min_length) return PasswordProblem::kTooShort;
  const std::string lower = Lower(password);
  if (IsListedSomehow(lower) || IsRepeatedPiece(lower) || IsRun(lower)) return PasswordProblem::kCommon;
  const std::string site = Lower(policy.site_name);
  for (const std::string_view part : {email, LocalPartOf(email), std::string_view(site)}) {
    if (LeansOn(lower, part, policy.min_length)) return PasswordProblem::kLikeIdentity;
  }
  return std::nullopt;
}

Errc ToErrc(PasswordProblem problem) {
  switch (problem) {
    case PasswordProblem::kTooShort:
      return Errc::kPasswordTooShort;
    case PasswordProblem::kTooLong:
      return Errc::kPasswordTooLong;
    case PasswordProblem::kCommon:
      return Errc::kPasswordCommon;
    case PasswordProblem::kLikeIdentity:
      return Errc::kPasswordLikeIdentity;
  }
  return Errc::kPasswordCommon;
}

std::optional<PasswordProblem> ProblemOf(const Error& error) {
  using enum PasswordProblem;
  for (const auto problem : {kTooShort, kTooLong, kCommon, kLikeIdentity}) {
    if (error.Is(ToErrc(problem))) return problem;
  }
  return std::nullopt;
}

}  // namespace sallyport::identity
