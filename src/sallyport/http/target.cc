// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/target.h"

#include <algorithm>
#include <array>

#include "sallyport/http/char_class.h"
#include "sallyport/http/utf8.h"

namespace sallyport::http {
namespace {

enum PathByte : std::uint8_t { kPlain, kSlash, kDot, kPercent, kEscape, kSemicolon, kQuestion, kRefused };

constexpr std::array<std::uint8_t, 256> MakePathTable() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t c = 0; c < 256; ++c) table[c] = c > 0x20 && c < 0x7f ? kPlain : kRefused;
  for (const char c : std::string_view("\"<>^`{|}")) table[static_cast<unsigned char>(c)] = kEscape;
  table['/'] = kSlash;
  table['.'] = kDot;
  table['%'] = kPercent;
  table[';'] = kSemicolon;
  table['?'] = kQuestion;
  table['#'] = kRefused;
  table['\\'] = kRefused;
  return table;
}
constexpr std::array<std::uint8_t, 256> kPathTable = MakePathTable();

std::unexpected<Error> Bad(const char* why) { return Fail(Errc::kBadTarget, why); }

bool IsQueryText(std::string_view query) {
  for (const char c : query)
    if (c == '#' || !Is(c, char_class::kTargetText)) return false;
  return true;
}

bool IsDotSegment(std::string_view segment) { return segment == "." || segment == ".."; }

// True when the path part of `text` is canonical as it stands; `path_size` is where it ends.
bool IsCanonical(std::string_view text, std::size_t& path_size) {
  std::size_t segment = 1, i = 1;
  bool dots_only = true;
  for (; i < text.size(); ++i) {
    switch (kPathTable[static_cast<unsigned char>(text[i])]) {
      case kPlain: dots_only = false; continue;
      case kDot: continue;
      case kSlash:
        if (i == segment || (dots_only && i - segment <= 2)) return false;
        segment = i + 1;
        dots_only = true;
        continue;
      case kQuestion: break;
      default: return false;
    }
    break;
  }
  path_size = i;
  return !(dots_only && i > segment && i - segment <= 2);
}

void AppendEscape(std::string& out, unsigned char octet) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  out += '%';
  out += kDigits[octet >> 4];
  out += kDigits[octet & 15];
}

// Writes the canonical form of one segment (no '/'), dot segments still in it. False when it is refused.
bool AppendSegment(std::string& out, std::string_view segment, PathParameters parameters) {
  Utf8Validator decoded;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    unsigned char octet = static_cast<unsigned char>(segment[i]);
    bool escaped = false;
    if (octet == '%') {
      const int high = i + 2 < segment.size() ? HexDigit(segment[i + 1]) : -1;
      const int low = i + 2 < segment.size() ? HexDigit(segment[i + 2]) : -1;
      if (high < 0 || low < 0) return false;
      octet = static_cast<unsigned char>(high * 16 + low);
      if (octet < 0x20 || octet == 0x7f || octet == '/' || octet == '\\') return false;
      escaped = true;
      i += 2;
    } else if (kPathTable[octet] == kRefused || (octet == ';' && parameters == PathParameters::kRefused)) {
      return false;
    }
    if (!decoded.Feed(octet)) return false;
    const bool keep_escape = escaped && !Is(static_cast<char>(octet), char_class::kUnreserved);
    if (keep_escape || (!escaped && kPathTable[octet] == kEscape)) AppendEscape(out, octet);
    else out += static_cast<char>(octet);
  }
  return decoded.complete();
}

// A segment that some servers cut at ';' (some even at its escape) and then take for "." or ".." or nothing.
bool IsParameterisedDotSegment(std::string_view segment) {
  if (segment.starts_with(';')) return true;
  const std::size_t dots = std::min(segment.find_first_not_of('.'), segment.size());
  if (dots == 0 || dots > 2) return false;
  return segment.substr(dots).starts_with(';') || segment.substr(dots).starts_with("%3B");
}

// RFC 3986 §5.2.4 on segments, with empty ones left out. `path` begins with '/'.
Result<void> AppendCanonicalPath(std::string& out, std::string_view path, PathParameters parameters) {
  std::string segment;
  bool ends_open = true;  // with a slash
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view raw = path.substr(at, slash - at);
    at = slash + 1;
    if (raw.empty()) {
      ends_open = true;
      continue;
    }
    segment.clear();
    if (!AppendSegment(segment, raw, parameters)) return Bad("path segment");
    if (IsParameterisedDotSegment(segment)) return Bad("dot segment with a parameter");
    ends_open = IsDotSegment(segment);
    if (segment == "..") {
      if (out.empty()) return Bad("above the root");
      out.resize(out.rfind('/'));
    } else if (segment != ".") {
      out += '/';
      out += segment;
    }
  }
  if (ends_open) out += '/';
  return {};
}

// Splits "http://authority/path?query"; `rest` is what follows the authority.
Result<void> SplitAbsolute(std::string_view raw, Target& out, std::string_view& rest) {
  const auto colon = raw.find("://");
  if (colon == std::string_view::npos) return Bad("neither origin-form nor absolute-form");
  out.form = TargetForm::kAbsolute;
  out.scheme = raw.substr(0, colon);
  if (!EqualsIgnoreCase(out.scheme, "http") && !EqualsIgnoreCase(out.scheme, "https")) return Bad("scheme");
  rest = raw.substr(colon + 3);
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  out.authority = rest.substr(0, end);
  if (out.authority.empty() || out.authority.find_first_of("@\\#") != std::string_view::npos) return Bad("authority");
  rest.remove_prefix(end);
  return {};
}

void SetViews(Target& target, std::string_view whole, std::size_t path_size) {
  target.path_and_query = whole;
  target.path = whole.substr(0, path_size);
  target.has_query = path_size < whole.size();
  if (target.has_query) target.query = whole.substr(path_size + 1);
}

}  // namespace

Result<Target> CanonicalTarget(std::string_view raw_target, Method method, std::string& scratch, PathParameters parameters) {
  Target target;
  std::string_view rest = raw_target;
  if (raw_target == "*") {
    if (method != Method::kOptions) return Bad("asterisk-form without OPTIONS");
    target.form = TargetForm::kAsterisk;
    target.path = target.path_and_query = raw_target;
    return target;
  }
  if (!raw_target.starts_with('/')) SALLYPORT_CHECK(SplitAbsolute(raw_target, target, rest));

  std::size_t path_size = 0;
  if (rest.starts_with('/') && IsCanonical(rest, path_size)) {
    SetViews(target, rest, path_size);
  } else {
    const std::size_t question = std::min(rest.find('?'), rest.size());
    scratch.clear();
    SALLYPORT_CHECK(AppendCanonicalPath(scratch, question == 0 ? std::string_view("/") : rest.substr(0, question), parameters));
    path_size = scratch.size();
    scratch += rest.substr(question);
    SetViews(target, scratch, path_size);
  }
  if (!IsQueryText(target.query)) return Bad("query");
  return target;
}

bool HasOneSpelling(std::string_view path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '/' || Is(path[i], char_class::kUnreserved)) continue;
    // Raw non-ASCII never arrives, so an upper-case escape of it is its only spelling.
    const auto is_upper_hex = [](char c) { return IsDigit(c) || (c >= 'A' && c <= 'F'); };
    if (path[i] != '%' || i + 2 >= path.size() || path[i + 1] < '8' || !is_upper_hex(path[i + 1]) || !is_upper_hex(path[i + 2]))
      return false;
    i += 2;
  }
  return true;
}

}  // namespace sallyport::http
