// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>

namespace sallyport::http {
namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

// The IPv4 address that an IPv6 transition form stands for, if it is one.
std::optional<IpAddress> EmbeddedV4(const std::array<std::uint8_t, 16>& b) {
  const auto v4_at = [&](std::size_t i, std::uint8_t flip) {
    return IpAddress::FromV4(std::uint32_t{static_cast<std::uint8_t>(b[i] ^ flip)} << 24 |
                             std::uint32_t{static_cast<std::uint8_t>(b[i + 1] ^ flip)} << 16 |
                             std::uint32_t{static_cast<std::uint8_t>(b[i + 2] ^ flip)} << 8 |
                             std::uint32_t{static_cast<std::uint8_t>(b[i + 3] ^ flip)});
  };
  if (b[0] == 0x20 && b[1] == 0x02) return v4_at(2, 0);                                       // 6to4
  if (b[0] == 0x20 && b[1] == 0x01 && b[2] == 0 && b[3] == 0) return v4_at(12, 0xff);          // Teredo
  if (b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b) return v4_at(12, 0);          // NAT64
  if (std::all_of(b.begin(), b.begin() + 12, [](std::uint8_t x) { return x == 0; })) return v4_at(12, 0);  // v4-compatible
  return std::nullopt;
}

bool InAny(const IpAddress& address, std::span<const std::string_view> networks) {
  return std::any_of(networks.begin(), networks.end(), [&](std::string_view n) { return Cidr::Parse(n)->Contains(address); });
}

}  // namespace

std::optional<IpAddress> IpAddress::Parse(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.empty() || text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  IpAddress out;
  if (text.find(':') != std::string_view::npos) {
    if (inet_pton(AF_INET6, buffer, out.bytes_.data()) != 1) return std::nullopt;
    return out;
  }
  std::uint32_t v4 = 0;
  if (inet_pton(AF_INET, buffer, &v4) != 1) return std::nullopt;
  return FromV4(ntohl(v4));
}

IpAddress IpAddress::FromV4(std::uint32_t host_order) {
  IpAddress out;
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), out.bytes_.begin());
  for (std::size_t i = 0; i < 4; ++i) out.bytes_[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
  return out;
}

IpAddress IpAddress::FromV6(const std::array<std::uint8_t, 16>& network_order) {
  IpAddress out;
  out.bytes_ = network_order;
  return out;
}

bool IpAddress::is_v4() const { return std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes_.begin()); }

std::string IpAddress::ToString() const {
  char buffer[INET6_ADDRSTRLEN];
  const bool v4 = is_v4();
  inet_ntop(v4 ? AF_INET : AF_INET6, bytes_.data() + (v4 ? 12 : 0), buffer, sizeof buffer);
  return buffer;
}

IpAddress IpAddress::RateKey() const {
  IpAddress out = *this;
  if (!is_v4()) std::fill(out.bytes_.begin() + 8, out.bytes_.end(), std::uint8_t{0});
  return out;
}

bool IpAddress::is_loopback() const {
  static constexpr std::string_view kNetworks[] = {"127.0.0.0/8", "::1/128"};
  return InAny(*this, kNetworks);
}

bool IpAddress::is_private() const {
  static constexpr std::string_view kNetworks[] = {
      "0.0.0.0/8",      "10.0.0.0/8",      "100.64.0.0/10",   "127.0.0.0/8",  "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
      "192.0.2.0/24",   "192.168.0.0/16",  "198.18.0.0/15",   "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
      "::/128",         "::1/128",         "64:ff9b:1::/48",  "100::/64",     "2001:db8::/32",  "fc00::/7",      "fe80::/10",
      "fec0::/10",      "ff00::/8"};
  if (InAny(*this, kNetworks)) return true;
  if (is_v4()) return false;
  const auto embedded = EmbeddedV4(bytes_);
  return embedded && InAny(*embedded, kNetworks);
}

std::size_t IpAddressHash::operator()(const IpAddress& address) const noexcept {
  std::uint64_t high, low;
  std::memcpy(&high, address.bytes().data(), 8);
  std::memcpy(&low, address.bytes().data() + 8, 8);
  std::uint64_t z = high * 0x9e3779b97f4a7c15ULL ^ low;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  return static_cast<std::size_t>(z ^ (z >> 27));
}

std::optional<Cidr> Cidr::Parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::Parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  // "::ffff:10.0.0.0/104" is written with IPv6 bits even though the address is an IPv4 one.
  const bool v4_text = text.substr(0, slash).find(':') == std::string_view::npos;
  unsigned bits = v4_text ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const unsigned most = bits;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (digits.empty() || digits.size() > 3 || error != std::errc() || end != digits.data() + digits.size() || bits > most)
      return std::nullopt;
    if (digits.size() > 1 && digits[0] == '0') return std::nullopt;
  }
  Cidr out;
  out.base_ = *address;
  out.bits_ = static_cast<std::uint8_t>(v4_text ? bits + 96 : bits);
  for (unsigned bit = out.bits_; bit < 128; ++bit)
    if (address->bytes()[bit / 8] & (0x80 >> bit % 8)) return std::nullopt;
  return out;
}

bool Cidr::Contains(const IpAddress& address) const {
  const unsigned whole = bits_ / 8, rest = bits_ % 8;
  if (std::memcmp(address.bytes().data(), base_.bytes().data(), whole) != 0) return false;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return ((address.bytes()[whole] ^ base_.bytes()[whole]) & mask) == 0;
}

std::string Cidr::ToString() const {
  const bool v4 = base_.is_v4() && bits_ >= 96;
  return base_.ToString() + "/" + std::to_string(v4 ? bits_ - 96 : bits_);
}

}  // namespace sallyport::http
