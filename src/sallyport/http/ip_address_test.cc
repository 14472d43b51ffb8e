// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/ip_address.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

IpAddress Ip(std::string_view text) {
  const auto address = IpAddress::Parse(text);
  EXPECT_TRUE(address) << text;
  return address.value_or(IpAddress());
}

TEST(IpAddress, TextIsNormalised) {
  EXPECT_EQ(Ip("192.0.2.1").ToString(), "192.0.2.1");
  EXPECT_EQ(Ip("2001:DB8:0:0::1").ToString(), "2001:db8::1");
  EXPECT_EQ(IpAddress::FromV4(0x7f000001).ToString(), "127.0.0.1");
}

TEST(IpAddress, S55_MappedIPv4IsIPv4) {
  EXPECT_EQ(Ip("::ffff:192.0.2.1"), Ip("192.0.2.1"));
  EXPECT_TRUE(Ip("::ffff:c000:201").is_v4());
  EXPECT_EQ(Ip("::ffff:192.0.2.1").ToString(), "192.0.2.1");
}

TEST(IpAddress, OddSpellingsAreRefused) {
  for (const std::string_view text : {"", "1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "0x7f.0.0.1", "2130706433", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4:80",
                                      "[::1]", "::1%eth0", ":::", "1::2::3", "g::", "12345::", "localhost"})
    EXPECT_FALSE(IpAddress::Parse(text)) << text;
  EXPECT_FALSE(IpAddress::Parse(std::string_view("1.2.3.4\0x", 9)));
}

TEST(IpAddress, S55_RateKeyIsTheAddressOrItsSlash64) {
  EXPECT_EQ(Ip("192.0.2.1").RateKey(), Ip("192.0.2.1"));
  EXPECT_EQ(Ip("2001:db8:1:2:3:4:5:6").RateKey(), Ip("2001:db8:1:2::"));
  EXPECT_NE(Ip("2001:db8:1:3::1").RateKey(), Ip("2001:db8:1:2::1").RateKey());
}

TEST(IpAddress, PrivateAddressesAreKnownInEveryDisguise) {
  for (const std::string_view text : {"127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
                                      "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::7f00:1",
                                      "2001:0:1:2:3:4:80ff:fffe"})
    EXPECT_TRUE(Ip(text).is_private()) << text;
  for (const std::string_view text : {"1.1.1.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101"}) EXPECT_FALSE(Ip(text).is_private()) << text;
  EXPECT_TRUE(Ip("127.9.9.9").is_loopback());
  EXPECT_FALSE(Ip("128.0.0.1").is_loopback());
}

TEST(Cidr, NetworksContainTheirAddresses) {
  EXPECT_TRUE(Cidr::Parse("10.0.0.0/8")->Contains(Ip("10.255.0.1")));
  EXPECT_FALSE(Cidr::Parse("10.0.0.0/8")->Contains(Ip("11.0.0.1")));
  EXPECT_TRUE(Cidr::Parse("192.0.2.128/25")->Contains(Ip("192.0.2.129")));
  EXPECT_FALSE(Cidr::Parse("192.0.2.128/25")->Contains(Ip("192.0.2.127")));
  EXPECT_TRUE(Cidr::Parse("0.0.0.0/0")->Contains(Ip("8.8.8.8")));
  EXPECT_FALSE(Cidr::Parse("0.0.0.0/0")->Contains(Ip("2001:db8::1")));
  EXPECT_TRUE(Cidr::Parse("::/0")->Contains(Ip("2001:db8::1")));
  EXPECT_TRUE(Cidr::Parse("2001:db8::/33")->Contains(Ip("2001:db8:7fff::1")));
  EXPECT_FALSE(Cidr::Parse("2001:db8::/33")->Contains(Ip("2001:db8:8000::1")));
  EXPECT_TRUE(Cidr::Parse("192.0.2.1")->Contains(Ip("::ffff:192.0.2.1")));
  EXPECT_EQ(Cidr::Parse("10.0.0.0/8")->ToString(), "10.0.0.0/8");
  EXPECT_EQ(Cidr::Parse("fd00::/8")->ToString(), "fd00::/8");
}

TEST(Cidr, OddNetworksAreRefused) {
  for (const std::string_view text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "::/129", "fd00::1/8", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10/8",
                                      "10.0.0.0/8/8", "*"})
    EXPECT_FALSE(Cidr::Parse(text)) << text;
}

}  // namespace
}  // namespace sallyport::http
