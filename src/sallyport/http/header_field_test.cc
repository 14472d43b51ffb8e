// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/header_field.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

TEST(HeaderField, NamesAreIdentifiedInAnyCase) {
  EXPECT_EQ(IdentifyHeader("Host"), HeaderId::kHost);
  EXPECT_EQ(IdentifyHeader("HOST"), HeaderId::kHost);
  EXPECT_EQ(IdentifyHeader("te"), HeaderId::kTe);
  EXPECT_EQ(IdentifyHeader("TRANSFER-encoding"), HeaderId::kTransferEncoding);
  EXPECT_EQ(IdentifyHeader("sec-fetch-site"), HeaderId::kSecFetchSite);
  EXPECT_EQ(IdentifyHeader("Sec-Fetch-Mode"), HeaderId::kSecFetchMode);
  EXPECT_EQ(IdentifyHeader("X-XSRF-TOKEN"), HeaderId::kXXsrfToken);
  EXPECT_EQ(IdentifyHeader("X-CSRF-Token"), HeaderId::kXCsrfToken);
  EXPECT_EQ(IdentifyHeader("X-Auth-Return-Redirect"), HeaderId::kXAuthReturnRedirect);
  EXPECT_EQ(IdentifyHeader("HTTP2-Settings"), HeaderId::kHttp2Settings);
}

TEST(HeaderField, NeighboursOfKnownNamesAreNotIdentified) {
  for (const std::string_view name : {"", "h", "Hosts", "Hos", "H0st", "Content_Length", "Content-Lengtg",
                                      "X-Forwarded_For", "Sec-Fetch-Sute", "X-Auth-Return-Redirect-2"})
    EXPECT_EQ(IdentifyHeader(name), HeaderId::kOther) << name;
}

TEST(HeaderField, ControlsThatLookLikeLettersUnderAMaskAreNotIdentified) {
  EXPECT_EQ(IdentifyHeader("Keep\rAlive"), HeaderId::kOther);  // 0x0d | 0x20 is '-'
  EXPECT_EQ(IdentifyHeader("HTTP\x12-Settings"), HeaderId::kOther);
  EXPECT_EQ(IdentifyHeader(std::string("Content\xcdLength")), HeaderId::kOther);
}

TEST(HeaderField, TheTableFindsTheFirstAndCountsAll) {
  HeaderTable table;
  table.Add({"A", "1", HeaderId::kOther});
  table.Add({"Cookie", "a=1", HeaderId::kCookie});
  table.Add({"Cookie", "b=2", HeaderId::kCookie});
  EXPECT_EQ(table.Get(HeaderId::kCookie), "a=1");
  EXPECT_EQ(table.Count(HeaderId::kCookie), 2u);
  EXPECT_FALSE(table.Has(HeaderId::kHost));
  EXPECT_EQ(table.Get(HeaderId::kHost), "");
  ASSERT_NE(table.Find("a"), nullptr);
  EXPECT_EQ(table.Find("a")->value, "1");
  EXPECT_EQ(table.Find("zz"), nullptr);
  table.Clear();
  EXPECT_EQ(table.size(), 0u);
  EXPECT_FALSE(table.Has(HeaderId::kCookie));
}

TEST(HeaderField, AFullTableTakesNoMore) {
  HeaderTable table;
  for (std::size_t i = 0; i < kMaxHeaderFields; ++i) EXPECT_TRUE(table.Add({"A", "1", HeaderId::kOther}));
  EXPECT_FALSE(table.Add({"A", "1", HeaderId::kOther}));
}

}  // namespace
}  // namespace sallyport::http
