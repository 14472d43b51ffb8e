// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/url.h"

#include <algorithm>
#include <charconv>

namespace sallyport {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

std::unexpected<Error> Invalid(std::string_view url, std::string_view why) {
  return Fail(std::make_error_code(std::errc::invalid_argument), "'" + std::string(url) + "' " + std::string(why));
}

bool IsHostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

bool ParseAuthority(std::string_view authority, Origin& out) {
  std::string_view host = authority, port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return false;
    host = authority.substr(0, end + 1);
    port = authority.substr(end + 1);
    if (host.size() < 4 || !std::all_of(host.begin() + 1, host.end() - 1,
                                        [](char c) { return HexValue(c) >= 0 || c == ':' || c == '.'; }))
      return false;
    if (!port.empty() && !port.starts_with(':')) return false;
  } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  out.host = Lower(host);
  if (out.host.empty() || out.host.size() > 255) return false;
  if (!out.host.starts_with('[') && !std::all_of(out.host.begin(), out.host.end(), IsHostCharacter)) return false;
  out.port = DefaultPort(out.scheme);
  if (port.size() > 1) {
    unsigned value = 0;
    const auto [end, ec] = std::from_chars(port.data() + 1, port.data() + port.size(), value);
    if (ec != std::errc() || end != port.data() + port.size() || value == 0 || value > 65535) return false;
    out.port = static_cast<std::uint16_t>(value);
  }
  return true;
}

}  // namespace

std::string Origin::Authority() const {
  return port == DefaultPort(scheme) ? host : host + ":" + std::to_string(port);
}
std::string Origin::ToString() const { return scheme + "://" + Authority(); }
std::string Url::PathAndQuery() const { return query.empty() ? path : path + "?" + query; }
std::string Url::ToString() const { return origin.ToString() + PathAndQuery(); }

Result<Url> ParseUrl(std::string_view text) {
  Url url;
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return Invalid(text, "is not an absolute URL such as https://app.example.com");
  url.origin.scheme = Lower(text.substr(0, colon));
  if (url.origin.scheme != "http" && url.origin.scheme != "https") return Invalid(text, "must begin with http:// or https://");
  std::string_view rest = text.substr(colon + 3);
  if (std::any_of(rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\'; }))
    return Invalid(text, "holds a space, a control character or a backslash");
  if (rest.find('#') != std::string_view::npos) return Invalid(text, "must not have a fragment (#…)");
  const auto path_at = rest.find_first_of("/?");
  const std::string_view authority = rest.substr(0, path_at);
  if (authority.find('@') != std::string_view::npos) return Invalid(text, "must not hold a user name or password");
  if (!ParseAuthority(authority, url.origin)) return Invalid(text, "has no valid host or port");
  if (path_at != std::string_view::npos) {
    rest.remove_prefix(path_at);
    const auto question = rest.find('?');
    url.path = std::string(rest.substr(0, question));
    if (url.path.empty()) url.path = "/";
    if (question != std::string_view::npos) url.query = std::string(rest.substr(question + 1));
  }
  return url;
}

Result<Origin> ParseOrigin(std::string_view text) {
  SALLYPORT_TRY(Url url, ParseUrl(text));
  if (url.path != "/" || !url.query.empty()) return Invalid(text, "must be an origin only, without a path");
  return std::move(url.origin);
}

std::string PercentEncode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

Result<std::string> PercentDecode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) return Fail(std::make_error_code(std::errc::illegal_byte_sequence), "broken percent escape");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace sallyport
