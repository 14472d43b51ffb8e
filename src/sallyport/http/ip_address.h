// SPDX-License-Identifier: Apache-2.0
// IP addresses and networks as values. IPv4-mapped IPv6 addresses are IPv4 addresses here (S55).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::http {

class IpAddress {
 public:
  IpAddress() = default;  // "::"
  // Dotted decimal without leading zeros, or RFC 4291 text without zone; brackets are not accepted.
  static std::optional<IpAddress> Parse(std::string_view text);
  static IpAddress FromV4(std::uint32_t host_order);
  static IpAddress FromV6(const std::array<std::uint8_t, 16>& network_order);

  bool is_v4() const;
  // 16 bytes in network order; IPv4 as ::ffff:a.b.c.d.
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  // RFC 5952.
  std::string ToString() const;
  // What rate limits count by: IPv4 itself, IPv6 by its /64 (S55).
  IpAddress RateKey() const;
  bool is_loopback() const;
  // Loopback, link-local, private, unique-local, shared (RFC 6598), unspecified, multicast, broadcast, documentation,
  // and NAT64/6to4/Teredo forms of these (S37).
  bool is_private() const;

  auto operator<=>(const IpAddress&) const = default;

 private:
  std::array<std::uint8_t, 16> bytes_{};
};

struct IpAddressHash {
  std::size_t operator()(const IpAddress& address) const noexcept;
};

// A network in CIDR notation.
class Cidr {
 public:
  // "10.0.0.0/8", "fd00::/8", or one address. Bits beyond the prefix must be zero.
  static std::optional<Cidr> Parse(std::string_view text);
  bool Contains(const IpAddress& address) const;
  std::string ToString() const;
  bool operator==(const Cidr&) const = default;

 private:
  IpAddress base_;
  std::uint8_t bits_ = 128;  // of the 16-byte form
};

}  // namespace sallyport::http
