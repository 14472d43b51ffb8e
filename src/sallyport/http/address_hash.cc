// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/address_hash.h"

#include <bit>
#include <cstring>

namespace sallyport::http {
namespace {

// Both halves of a 128-bit product: every bit of the operands reaches every bit of the result.
std::uint64_t Mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

AddressHash::AddressHash(Random& random) {
  std::array<std::uint8_t, sizeof(seed_)> bytes{};
  random.Fill(bytes);
  seed_ = std::bit_cast<std::array<std::uint64_t, 4>>(bytes);
}

std::uint64_t AddressHash::Of(const IpAddress& address) const { return Of(address, 0); }

std::uint64_t AddressHash::Of(const IpAddress& address, std::uint64_t scope) const {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.bytes().data(), sizeof(high));
  if (address.is_v4()) std::memcpy(&low, address.bytes().data() + 8, sizeof(low));
  return Mix(Mix(high ^ seed_[0], low ^ seed_[1]) ^ seed_[2], scope ^ seed_[3]);
}

std::uint64_t AddressHash::ScopeOf(std::string_view name) const {
  std::uint64_t hash = seed_[0];
  for (const char c : name) hash = Mix(hash ^ static_cast<std::uint8_t>(c), seed_[1] | 1);
  return hash | 1;   // 0 is no scope
}

}  // namespace sallyport::http
