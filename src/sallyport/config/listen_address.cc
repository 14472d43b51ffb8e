// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/listen_address.h"

#include <charconv>

#include "sallyport/http/ip_address.h"

namespace sallyport::config {

std::optional<net::ListenAddress> ParseListenAddress(std::string_view text) {
  net::ListenAddress out;
  if (text.starts_with("unix:")) {
    out.unix_path = text.substr(5);
    if (!out.unix_path.starts_with('/') || out.unix_path.size() > kMaxSocketPath) return std::nullopt;
    return out;
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    if (host.find(':') == std::string_view::npos) return std::nullopt;
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  const auto address = http::IpAddress::Parse(host == "localhost" ? "127.0.0.1" : host);
  if (!address) return std::nullopt;
  out.host = address->ToString();
  const auto* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + colon + 1, end, out.port);
  if (error != std::errc() || last != end) return std::nullopt;
  return out;
}

bool IsLoopback(const net::ListenAddress& address) {
  if (!address.unix_path.empty()) return true;
  const auto ip = http::IpAddress::Parse(address.host);
  return ip && ip->is_loopback();
}

std::string ToString(const net::ListenAddress& address) {
  if (!address.unix_path.empty()) return "unix:" + address.unix_path;
  const bool v6 = address.host.find(':') != std::string::npos;
  return (v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace sallyport::config
