// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/same_origin.h"

#include <algorithm>

#include "sallyport/http/host.h"
#include "sallyport/http/target.h"
#include "sallyport/http/utf8.h"

namespace sallyport::http {
namespace {

constexpr std::size_t kMaxTarget = 8 * 1024;

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void AppendEscapingSpaces(std::string& out, std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet > 0x20 && octet < 0x80) {
      out += c;
      continue;
    }
    out += '%';
    out += kDigits[octet >> 4];
    out += kDigits[octet & 15];
  }
}

// What follows the origin in `target`, or nullopt when it is not ours.
std::optional<std::string_view> AfterOrigin(std::string_view target, const Origin& origin) {
  if (target.empty() || target.size() > kMaxTarget || HasControl(target) || !IsUtf8(target)) return std::nullopt;
  if (target.front() == '/') {
    if (target.size() > 1 && (target[1] == '/' || target[1] == '\\')) return std::nullopt;
    return target;
  }
  const auto colon = target.find("://");
  if (colon == std::string_view::npos || !EqualsIgnoreCase(target.substr(0, colon), origin.scheme)) return std::nullopt;
  const std::string_view rest = target.substr(colon + 3);
  const std::size_t end = std::min(rest.find_first_of("/?#\\"), rest.size());
  if (!AddressesOrigin(rest.substr(0, end), origin)) return std::nullopt;
  return rest.substr(end);
}

// `rest` begins with "/", "?" or "#", or is empty.
std::optional<std::string> Canonical(std::string_view rest) {
  const std::size_t hash = std::min(rest.find('#'), rest.size());
  const std::size_t question = std::min(rest.find('?'), hash);
  if (rest.substr(0, question).find('\\') != std::string_view::npos) return std::nullopt;
  if (rest.substr(hash).find('\\') != std::string_view::npos) return std::nullopt;
  std::string path, scratch;
  AppendEscapingSpaces(path, question == 0 ? std::string_view("/") : rest.substr(0, question));
  // Here ';' cannot send anybody anywhere else.
  const auto target = CanonicalTarget(path, Method::kGet, scratch, PathParameters::kLiteral);
  if (!target) return std::nullopt;
  std::string out(target->path);
  AppendEscapingSpaces(out, rest.substr(question));
  return out;
}

}  // namespace

std::optional<std::string> SameOriginPath(std::string_view target, const Origin& origin) {
  const auto rest = AfterOrigin(target, origin);
  return rest ? Canonical(*rest) : std::nullopt;
}

std::optional<std::string> SameOriginUrl(std::string_view target, const Origin& origin) {
  const auto rest = AfterOrigin(target, origin);
  if (!rest) return std::nullopt;
  if (rest->empty()) return origin.ToString();
  auto path = Canonical(*rest);
  if (path) path->insert(0, origin.ToString());
  return path;
}

}  // namespace sallyport::http
