// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/fetch_metadata.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

const std::vector<std::string> kOwn = {"https://app.example.com", "http://localhost:8080"};

using FieldList = std::initializer_list<std::pair<std::string_view, std::string_view>>;

HeaderTable Table(FieldList fields) {
  HeaderTable table;
  for (const auto& [name, value] : fields) table.Add({name, value, IdentifyHeader(name)});
  return table;
}
Provenance Judge(FieldList fields) { return JudgeProvenance(Table(fields), kOwn); }

TEST(FetchMetadata, S10_TheSiteFieldDecidesWhenItIsThere) {
  EXPECT_EQ(Judge({{"Sec-Fetch-Site", "same-origin"}}), Provenance::kSameOrigin);
  EXPECT_EQ(Judge({{"Sec-Fetch-Site", "same-origin"}, {"Origin", "null"}}), Provenance::kSameOrigin);
  EXPECT_EQ(Judge({{"Sec-Fetch-Site", "none"}}), Provenance::kUser);
  EXPECT_EQ(Judge({{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://app.example.com"}}), Provenance::kCross);
  for (const std::string_view value : {"same-site", "", "Same-Origin", "same-origin, none", "x"}) EXPECT_EQ(Judge({{"Sec-Fetch-Site", value}}), Provenance::kCross) << value;
  EXPECT_EQ(Judge({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "same-origin"}}), Provenance::kCross);
}

TEST(FetchMetadata, S10_WithoutItOriginMustBeOurs) {
  EXPECT_EQ(Judge({{"Origin", "https://app.example.com"}}), Provenance::kSameOrigin);
  EXPECT_EQ(Judge({{"Origin", "http://localhost:8080"}}), Provenance::kSameOrigin);
  for (const std::string_view origin : {"null", "", "http://app.example.com", "https://app.example.com:444", "https://app.example.com.evil.example",
                                        "https://evil.example", "https://app.example.com/", "https://sub.app.example.com"})
    EXPECT_EQ(Judge({{"Origin", origin}}), Provenance::kCross) << origin;
  EXPECT_EQ(Judge({{"Origin", "https://app.example.com"}, {"Origin", "https://app.example.com"}}), Provenance::kCross);
}

TEST(FetchMetadata, S10_NeitherFieldIsRefusedForUnsafeMethods) {
  EXPECT_EQ(Judge({{"Referer", "https://app.example.com/"}}), Provenance::kAbsent);
  EXPECT_FALSE(PassesOriginCheck(Table({}), kOwn));
  EXPECT_TRUE(PassesOriginCheck(Table({{"Sec-Fetch-Site", "none"}}), kOwn));
  EXPECT_TRUE(PassesOriginCheck(Table({{"Origin", "https://app.example.com"}}), kOwn));
  EXPECT_FALSE(PassesOriginCheck(Table({{"Sec-Fetch-Site", "same-site"}}), kOwn));
}

TEST(FetchMetadata, S13_OwnOriginIsExactAndSingle) {
  EXPECT_TRUE(HasOwnOrigin(Table({{"Origin", "https://app.example.com"}}), kOwn));
  EXPECT_FALSE(HasOwnOrigin(Table({}), kOwn));
  EXPECT_FALSE(HasOwnOrigin(Table({{"Origin", "https://app.example.com"}, {"Origin", "https://evil.example"}}), kOwn));
}

TEST(FetchMetadata, NavigationsAreRecognised) {
  const auto navigates = [](Method method, FieldList fields) {
    RequestHead head;
    head.method = method;
    head.fields = Table(fields);
    return IsNavigation(head);
  };
  EXPECT_TRUE(navigates(Method::kGet, {{"Sec-Fetch-Mode", "navigate"}}));
  EXPECT_TRUE(navigates(Method::kPost, {{"Sec-Fetch-Mode", "navigate"}}));
  EXPECT_FALSE(navigates(Method::kGet, {{"Sec-Fetch-Mode", "cors"}, {"Accept", "text/html"}}));
  EXPECT_TRUE(navigates(Method::kGet, {{"Accept", "text/html,*/*;q=0.8"}}));
  EXPECT_FALSE(navigates(Method::kPost, {{"Accept", "text/html"}}));
  EXPECT_FALSE(navigates(Method::kGet, {{"Accept", "*/*"}}));
  EXPECT_FALSE(navigates(Method::kGet, {}));
}

TEST(FetchMetadata, S11_StartNeedsASameOriginDocumentNavigation) {
  EXPECT_TRUE(MayStartSignIn(Table({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}})));
  EXPECT_FALSE(MayStartSignIn(Table({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Mode", "navigate"}})));
  EXPECT_FALSE(MayStartSignIn(Table({{"Sec-Fetch-Site", "none"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}})));
  EXPECT_FALSE(MayStartSignIn(Table({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "iframe"}})));
  EXPECT_FALSE(MayStartSignIn(
      Table({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Mode", "navigate"}, {"Sec-Fetch-Dest", "document"}, {"Sec-Purpose", "prefetch;prerender"}})));
  EXPECT_FALSE(MayStartSignIn(Table({})));
  EXPECT_TRUE(IsPrefetch(Table({{"Purpose", "prefetch"}})));
  EXPECT_FALSE(IsPrefetch(Table({{"Purpose", "other"}})));
}

TEST(FetchMetadata, NonBrowsersSendNoneOfTheFields) {
  EXPECT_TRUE(LooksLikeNonBrowser(Table({{"User-Agent", "curl"}})));
  for (const std::string_view name : {"Origin", "Cookie", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-User"})
    EXPECT_FALSE(LooksLikeNonBrowser(Table({{name, "x"}}))) << name;
}

}  // namespace
}  // namespace sallyport::http
