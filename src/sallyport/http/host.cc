// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/host.h"

#include <array>
#include <charconv>

#include "sallyport/http/char_class.h"
#include "sallyport/http/ip_address.h"

namespace sallyport::http {
namespace {

struct Split {
  std::string_view host;  // without a trailing dot; IPv6 with its brackets
  std::uint16_t port = 0;
};

bool ParsePort(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return !text.empty() && text.size() <= 5 && error == std::errc() && end == text.data() + text.size() && port != 0;
}

bool IsHostName(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.front() == '.' || host.back() == '.') return false;
  for (const char c : host)
    if (!Is(c, char_class::kAlphanumeric) && c != '-' && c != '.' && c != '_') return false;
  return host.find("..") == std::string_view::npos;
}

bool SplitAuthority(std::string_view text, Split& out) {
  std::size_t host_end = std::min(text.find(':'), text.size());
  if (text.starts_with('[')) {
    const auto bracket = text.find(']');
    if (bracket == std::string_view::npos) return false;
    host_end = bracket + 1;
  }
  out.host = text.substr(0, host_end);
  const std::string_view rest = text.substr(host_end);
  if (rest.size() > 1 && (rest[0] != ':' || !ParsePort(rest.substr(1), out.port))) return false;
  if (rest.size() == 1 && rest[0] != ':') return false;
  if (out.host.starts_with('[')) return IpAddress::Parse(out.host.substr(1, out.host.size() - 2)).has_value();
  if (out.host.ends_with('.')) out.host.remove_suffix(1);
  return IsHostName(out.host);
}

// `text` is "[…]" and holds an address. Kept in IPv6 notation even when the address is a mapped IPv4 one.
std::string NormalisedIpv6(std::string_view text) {
  const IpAddress address = *IpAddress::Parse(text.substr(1, text.size() - 2));
  return address.is_v4() ? "[::ffff:" + address.ToString() + "]" : "[" + address.ToString() + "]";
}

std::uint16_t DefaultPort(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// As browsers write it: what nearly every request says.
bool IsAsWritten(std::string_view authority, const Origin& origin) {
  if (!authority.starts_with(origin.host)) return false;
  const std::string_view rest = authority.substr(origin.host.size());
  if (rest.empty()) return origin.port == DefaultPort(origin.scheme);
  std::array<char, 5> digits;
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), origin.port).ptr;
  return rest[0] == ':' && rest.substr(1) == std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

}  // namespace

Result<Authority> ParseAuthority(std::string_view text) {
  Split split;
  if (!SplitAuthority(text, split)) return Fail(Errc::kBadHost, "not an authority");
  Authority out;
  out.port = split.port;
  if (split.host.starts_with('[')) {
    out.host = NormalisedIpv6(split.host);
  } else {
    out.host.reserve(split.host.size());
    for (const char c : split.host) out.host += ToLower(c);
  }
  return out;
}

Result<std::string_view> RequestAuthority(const RequestHead& head, const Target& target) {
  const std::size_t count = head.fields.Count(HeaderId::kHost);
  if (count > 1 || (count == 0 && head.minor_version >= 1)) return Fail(Errc::kBadHost, "Host missing or repeated");
  const std::string_view host = head.fields.Get(HeaderId::kHost);
  if (count == 1) {
    Split split;
    if (!SplitAuthority(host, split)) return Fail(Errc::kBadHost, "Host is not an authority");
  }
  if (target.form == TargetForm::kAbsolute && count == 1) {
    if (!EqualsIgnoreCase(host, target.authority)) return Fail(Errc::kBadHost, "target and Host differ");
  } else if (target.form == TargetForm::kAbsolute) {
    Split split;
    if (!SplitAuthority(target.authority, split)) return Fail(Errc::kBadHost, "target has no authority");
    return target.authority;
  }
  return host;
}

bool AddressesOrigin(std::string_view authority, const Origin& origin) {
  if (IsAsWritten(authority, origin)) return true;
  Split split;
  if (!SplitAuthority(authority, split)) return false;
  if ((split.port == 0 ? DefaultPort(origin.scheme) : split.port) != origin.port) return false;
  if (EqualsIgnoreCase(split.host, origin.host)) return true;
  if (!split.host.starts_with('[') || !origin.host.starts_with('[')) return false;
  return IpAddress::Parse(split.host.substr(1, split.host.size() - 2)) ==
         IpAddress::Parse(std::string_view(origin.host).substr(1, origin.host.size() - 2));
}

}  // namespace sallyport::http
