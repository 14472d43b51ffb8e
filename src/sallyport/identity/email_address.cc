// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/email_address.h"

#include <algorithm>

#include "sallyport/identity/unstable_characters.h"
#include "sallyport/identity/utf8.h"

namespace sallyport::identity {
namespace {

constexpr std::size_t kMaxTypedBytes = 1024;
constexpr std::size_t kMaxLocalBytes = 64;
constexpr std::size_t kMaxLabelBytes = 63;

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || !IsAscii(c); }

std::string_view Trim(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// The one form of a character, or nullopt when it has no place in an address.
std::optional<char32_t> Fold(char32_t c) {
  if (c >= 0xff01 && c <= 0xff5e) c -= 0xff01 - 0x21;
  if (c == 0x3002 || c == 0xff61) c = '.';
  if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
  if (c < 0x80 ? (c <= ' ' || c == 0x7f) : IsUnstable(c)) return std::nullopt;
  return c;
}

std::optional<std::string> FoldAll(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto c = TakeCodePoint(text);
    const auto folded = c ? Fold(*c) : std::nullopt;
    if (!folded) return std::nullopt;
    AppendUtf8(out, *folded);
  }
  return out;
}

bool IsLocalPart(std::string_view local) {
  if (local.empty() || local.size() > kMaxLocalBytes || local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  // RFC 5322 atext, and what is not ASCII (RFC 6532).
  return std::ranges::all_of(local, [](char c) {
    return IsLetterOrDigit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~.").find(c) != std::string_view::npos;
  });
}

bool IsLabel(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes || label.front() == '-' || label.back() == '-') return false;
  return std::ranges::all_of(label, [](char c) { return IsLetterOrDigit(c) || c == '-'; });
}

bool IsDomain(std::string_view domain) {
  if (domain == "localhost") return true;
  std::size_t labels = 0;
  std::string_view label;
  for (;; ++labels) {
    const std::size_t dot = domain.find('.');
    label = domain.substr(0, dot);
    if (!IsLabel(label)) return false;
    if (dot == std::string_view::npos) break;
    domain.remove_prefix(dot + 1);
  }
  return labels > 0 && !std::ranges::all_of(label, IsDigit);
}

}  // namespace

std::optional<std::string> CanonicalEmail(std::string_view typed) {
  if (typed.size() > kMaxTypedBytes) return std::nullopt;
  std::optional<std::string> folded = FoldAll(Trim(typed));
  if (!folded || folded->size() > kMaxEmailBytes) return std::nullopt;
  const std::size_t at = folded->find('@');
  if (at == std::string::npos || folded->find('@', at + 1) != std::string::npos) return std::nullopt;
  const std::string_view whole = *folded;
  if (!IsLocalPart(whole.substr(0, at)) || !IsDomain(whole.substr(at + 1))) return std::nullopt;
  return folded;
}

std::string_view LocalPartOf(std::string_view canonical) { return canonical.substr(0, canonical.find('@')); }

}  // namespace sallyport::identity
