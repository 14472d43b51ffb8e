// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/address_hash.h"

#include <gtest/gtest.h>

#include <set>

#include "support/fake_random.h"

namespace sallyport::http {
namespace {

IpAddress Ip(std::string_view text) { return *IpAddress::Parse(text); }

TEST(AddressHash, S55_Ipv6CountsBySixtyFourAndMappedIpv4AsIpv4) {
  test::FakeRandom random;
  const AddressHash hash(random);
  EXPECT_EQ(hash.Of(Ip("2001:db8:1:2::1")), hash.Of(Ip("2001:db8:1:2:ffff::9")));
  EXPECT_NE(hash.Of(Ip("2001:db8:1:2::1")), hash.Of(Ip("2001:db8:1:3::1")));
  EXPECT_EQ(hash.Of(Ip("::ffff:192.0.2.1")), hash.Of(Ip("192.0.2.1")));
  EXPECT_NE(hash.Of(Ip("192.0.2.1")), hash.Of(Ip("192.0.2.2")));
}

TEST(AddressHash, ScopesAreApart) {
  test::FakeRandom random;
  const AddressHash hash(random);
  std::set<std::uint64_t> seen{hash.Of(Ip("192.0.2.1"))};
  for (const char* name : {"/a", "/b", "/a/*", ""}) seen.insert(hash.Of(Ip("192.0.2.1"), hash.ScopeOf(name)));
  EXPECT_EQ(seen.size(), 5u);
  EXPECT_EQ(hash.ScopeOf("/a"), hash.ScopeOf("/a"));
}

TEST(AddressHash, ManyAddressesDoNotCollide) {
  test::FakeRandom random;
  const AddressHash hash(random);
  std::set<std::uint64_t> seen;
  for (std::uint32_t i = 0; i < 100'000; ++i) seen.insert(hash.Of(IpAddress::FromV4(0x0a000000 + i)) >> 24);
  EXPECT_GE(seen.size(), 99'900u) << "the 40 bits that SeatTable compares";
}

}  // namespace
}  // namespace sallyport::http
