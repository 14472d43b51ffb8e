// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/forwarded.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

const TrustedProxies kProxies({*Cidr::Parse("10.0.0.0/8"), *Cidr::Parse("fd00::/8")});

HeaderTable Table(std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  HeaderTable table;
  for (const auto& [name, value] : fields) table.Add({name, value, IdentifyHeader(name)});
  return table;
}

std::string Client(std::string_view peer, const HeaderTable& fields, ForwardedSyntax syntax = ForwardedSyntax::kXForwardedFor) {
  return ResolveClient(*IpAddress::Parse(peer), fields, kProxies, syntax).address.ToString();
}

TEST(Forwarded, S24_NothingIsBelievedFromAStranger) {
  const HeaderTable fields = Table({{"X-Forwarded-For", "1.1.1.1"}, {"Forwarded", "for=1.1.1.1"}, {"X-Forwarded-Proto", "https"}});
  for (const auto syntax : {ForwardedSyntax::kXForwardedFor, ForwardedSyntax::kForwarded}) {
    const ClientAddress client = ResolveClient(*IpAddress::Parse("203.0.113.5"), fields, kProxies, syntax);
    EXPECT_EQ(client.address.ToString(), "203.0.113.5");
    EXPECT_FALSE(client.through_proxy);
    EXPECT_EQ(client.proto, "");
  }
  EXPECT_EQ(ResolveClient(*IpAddress::Parse("10.0.0.1"), fields, TrustedProxies()).address.ToString(), "10.0.0.1");
}

TEST(Forwarded, S24_TheWalkGoesRightToLeftAndEndsAtTheFirstStranger) {
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "6.6.6.6, 1.2.3.4, 10.9.9.9"}})), "1.2.3.4");
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "1.2.3.4"}})), "1.2.3.4");
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "10.1.1.1, 10.2.2.2"}})), "10.1.1.1");
  EXPECT_EQ(Client("10.0.0.1", Table({})), "10.0.0.1");
  EXPECT_EQ(Client("::ffff:10.0.0.1", Table({{"X-Forwarded-For", "::ffff:1.2.3.4"}})), "1.2.3.4");
  EXPECT_EQ(Client("fd00::1", Table({{"X-Forwarded-For", "[2001:db8::1]:443"}})), "2001:db8::1");
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "1.2.3.4:5678"}})), "1.2.3.4");
}

TEST(Forwarded, S24_AnUnreadableEntryEndsTheWalk) {
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "1.2.3.4, unknown, 10.2.2.2"}})), "10.2.2.2");
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "1.2.3.4, "}})), "10.0.0.1");
  EXPECT_EQ(Client("10.0.0.1", Table({{"X-Forwarded-For", "1.2.3.4 5.6.7.8"}})), "10.0.0.1");
}

TEST(Forwarded, S24_Rfc7239IsReadWhenConfigured) {
  const auto client = [](std::string_view value) { return Client("10.0.0.1", Table({{"Forwarded", value}}), ForwardedSyntax::kForwarded); };
  EXPECT_EQ(client("for=1.2.3.4"), "1.2.3.4");
  EXPECT_EQ(client("For=\"[2001:db8::1]:80\";Proto=https;by=10.0.0.1"), "2001:db8::1");
  EXPECT_EQ(client("for=6.6.6.6, for=1.2.3.4;proto=http , for=10.3.3.3"), "1.2.3.4");
  EXPECT_EQ(client("for=_hidden, for=10.3.3.3"), "10.3.3.3");
  for (const std::string_view bad : {"for=\"1.2.3.4", "for=1.2.3.4 x", "for", "for=6.6.6.6;for=1.2.3.4", "for=\"1.2.3\\.4\"", "for=\"x, for=1.2.3.4", "=1.2.3.4;"})
    EXPECT_EQ(client(bad), "10.0.0.1") << bad;
}

TEST(Forwarded, S24_OnlyTheConfiguredHeaderIsRead) {
  const HeaderTable fields = Table({{"X-Forwarded-For", "1.1.1.1"}, {"Forwarded", "for=2.2.2.2"}});
  EXPECT_EQ(Client("10.0.0.1", fields), "1.1.1.1");
  EXPECT_EQ(Client("10.0.0.1", fields, ForwardedSyntax::kForwarded), "2.2.2.2");
}

TEST(Forwarded, ProtoAndHostAreWhatTheNearestProxySays) {
  const HeaderTable fields = Table({{"X-Forwarded-Proto", "http, HTTPS"}, {"X-Forwarded-Host", "evil, app.example.com"}});
  const ClientAddress client = ResolveClient(*IpAddress::Parse("10.0.0.1"), fields, kProxies);
  EXPECT_TRUE(client.through_proxy);
  EXPECT_EQ(client.proto, "https");
  EXPECT_EQ(client.host, "app.example.com");
  EXPECT_EQ(ResolveClient(*IpAddress::Parse("10.0.0.1"), Table({{"X-Forwarded-Proto", "ftp"}}), kProxies).proto, "");
  const HeaderTable rfc = Table({{"Forwarded", "for=1.1.1.1;proto=http, for=2.2.2.2;proto=https;host=a"}});
  EXPECT_EQ(ResolveClient(*IpAddress::Parse("10.0.0.1"), rfc, kProxies, ForwardedSyntax::kForwarded).proto, "https");
}

}  // namespace
}  // namespace sallyport::http
