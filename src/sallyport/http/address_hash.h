// SPDX-License-Identifier: Apache-2.0
// What limits count a client address by (IPv4 itself, IPv6 by its /64, S55), as 64 bits under a random seed: nobody outside can
// choose addresses that collide. A few nanoseconds. Immutable; thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "sallyport/base/random.h"
#include "sallyport/http/ip_address.h"

namespace sallyport::http {

class AddressHash {
 public:
  explicit AddressHash(Random& random);

  std::uint64_t Of(const IpAddress& address) const;
  // The same address within something that has a name: a route.
  std::uint64_t Of(const IpAddress& address, std::uint64_t scope) const;
  std::uint64_t ScopeOf(std::string_view name) const;

 private:
  std::array<std::uint64_t, 4> seed_{};
};

}  // namespace sallyport::http
