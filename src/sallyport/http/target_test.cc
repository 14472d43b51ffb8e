// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/target.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

// The canonical path and query, or "400".
std::string Canonical(std::string_view raw, PathParameters parameters = PathParameters::kRefused) {
  std::string scratch;
  const auto target = CanonicalTarget(raw, Method::kGet, scratch, parameters);
  if (!target) {
    EXPECT_EQ(target.error().code, Errc::kBadTarget);
    return "400";
  }
  EXPECT_EQ(target->path_and_query, std::string(target->path) + (target->has_query ? "?" + std::string(target->query) : ""));
  std::string scratch2;
  const auto again = CanonicalTarget(target->path_and_query, Method::kGet, scratch2, parameters);
  EXPECT_TRUE(again) << raw;
  if (again) {
    EXPECT_EQ(again->path_and_query, target->path_and_query) << raw;
  }
  return std::string(target->path_and_query);
}

TEST(Target, S20_WhatFrontEndsUsePassesUnchanged) {
  for (const std::string_view raw :
       {"/", "/a", "/a/", "/?", "/?a=b", "/_next/static/chunks/%5Bslug%5D.js", "/_next/static/chunks/app/%5B...all%5D/page-1a2b.js", "/@id/__x00__x",
        "/@fs/app/x.ts?t=1", "/a/(group)/[x]", "/dashboard?_rsc=1abcd", "/_next/image?url=%2Fa.png&w=640&q=75", "/.well-known/jwks.json",
        "/caf%C3%A9", "/a%20b", "/a+b", "/a:b@c!$&'()*+,=~_-.", "/...", "/.a/..b/c..", "/x?y=../..//;%2f\\|", "/%E2%82%AC", "/a%3Bb"})
    EXPECT_EQ(Canonical(raw), raw);
  EXPECT_EQ(Canonical("/%25%32"), "/%252");
}

TEST(Target, S20_AnOrdinaryPathIsAViewIntoTheInput) {
  const std::string raw = "/dashboard/projects/42/items?page=3";
  std::string scratch = "untouched";
  const auto target = CanonicalTarget(raw, Method::kGet, scratch);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path_and_query.data(), raw.data());
  EXPECT_EQ(target->path, "/dashboard/projects/42/items");
  EXPECT_EQ(target->query, "page=3");
  EXPECT_EQ(scratch, "untouched");
}

TEST(Target, S20_DotSegmentsAreResolved) {
  const std::pair<const char*, const char*> kCases[] = {
      {"/a/./b", "/a/b"},         {"/a/../b", "/b"},           {"/a/b/..", "/a/"},       {"/a/.", "/a/"},           {"/.", "/"},
      {"/./", "/"},               {"/a/%2e%2E/b", "/b"},       {"/a/.%2e/b", "/b"},      {"/%2e/a", "/a"},          {"/a/..", "/"},
      {"/a/b/../../c?x", "/c?x"}, {"/public/../admin", "/admin"}, {"/a/...", "/a/..."},  {"/a//../b", "/b"},        {"/a/..?x=/../", "/?x=/../"}};
  for (const auto& [raw, canonical] : kCases) EXPECT_EQ(Canonical(raw), canonical) << raw;
}

TEST(Target, S20_ClimbingAboveTheRootIsRefused) {
  for (const std::string_view raw : {"/..", "/../a", "/a/../../b", "/%2e%2e/a", "/./../a", "/a/%2e%2e/%2e%2e/", "//..", "/.%2E/"})
    EXPECT_EQ(Canonical(raw), "400") << raw;
}

TEST(Target, S20_RepeatedSlashesAreCollapsed) {
  EXPECT_EQ(Canonical("//evil.example/x"), "/evil.example/x");
  EXPECT_EQ(Canonical("/a//b///"), "/a/b/");
  EXPECT_EQ(Canonical("//"), "/");
}

TEST(Target, S20_UnreservedEscapesAreDecodedAndOthersUpperCased) {
  EXPECT_EQ(Canonical("/%61dmin"), "/admin");
  EXPECT_EQ(Canonical("/%7euser/%2D%5f"), "/~user/-_");
  EXPECT_EQ(Canonical("/caf%c3%a9"), "/caf%C3%A9");
  EXPECT_EQ(Canonical("/%5bx%5d"), "/%5Bx%5D");
  EXPECT_EQ(Canonical("/%252e%252e/a"), "/%252e%252e/a");
  EXPECT_EQ(Canonical("/a|b^{c}\"<>`"), "/a%7Cb%5E%7Bc%7D%22%3C%3E%60");
}

TEST(Target, S20_EncodedSlashIsRefused) {
  for (const std::string_view raw : {"/a%2fb", "/a%2Fb", "/..%2fadmin", "/%2f", "/a/%2f%2fevil"}) EXPECT_EQ(Canonical(raw), "400") << raw;
}

TEST(Target, S20_BackslashIsRefusedRawAndEncoded) {
  for (const std::string_view raw : {"/a\\b", "/a%5cb", "/a%5Cb", "/\\evil.example", "/..\\admin"}) EXPECT_EQ(Canonical(raw), "400") << raw;
}

TEST(Target, S20_ControlsAreRefusedRawAndEncoded) {
  for (const std::string_view raw : {"/a%00", "/%0d%0aSet-Cookie:x", "/%1f", "/%7F", "/a%09", "/a\tb", "/a\x7f", "/a b", "/a?b\x01", "/a?b c"})
    EXPECT_EQ(Canonical(raw), "400") << raw;
  EXPECT_EQ(Canonical(std::string_view("/a\0b", 4)), "400");
}

TEST(Target, S20_SemicolonIsRefusedUnlessAskedFor) {
  EXPECT_EQ(Canonical("/admin;x=1/users"), "400");
  EXPECT_EQ(Canonical("/a;"), "400");
  EXPECT_EQ(Canonical("/a;x=1/b", PathParameters::kLiteral), "/a;x=1/b");
  for (const std::string_view raw : {"/a/..;/b", "/a/.;/b", "/a/;/b", "/a/..;x=1/b", "/a/%2e%2e;/b", "/a/..%3B/b", "/a/..%3b/b"}) {
    EXPECT_EQ(Canonical(raw, PathParameters::kLiteral), "400") << raw;
    EXPECT_EQ(Canonical(raw), "400") << raw;
  }
}

TEST(Target, S20_FragmentsAreRefused) {
  for (const std::string_view raw : {"/#", "/a#b", "/a?b#c", "/a%20#"}) EXPECT_EQ(Canonical(raw), "400") << raw;
  EXPECT_EQ(Canonical("/a%23b"), "/a%23b");
}

TEST(Target, S20_OverlongAndInvalidUtf8IsRefused) {
  for (const std::string_view raw : {"/%c0%af", "/%c0%ae%c0%ae/", "/%e0%80%af", "/%f0%80%80%af", "/%ff", "/%80", "/%e9", "/%c3", "/%c3/%a9", "/%c3x",
                                     "/%ed%a0%80", "/%f4%90%80%80", "/%f8%88%80%80%80", "/\xc3\xa9"})
    EXPECT_EQ(Canonical(raw), "400") << raw;
}

TEST(Target, S20_BrokenEscapesAreRefused) {
  for (const std::string_view raw : {"/%", "/%4", "/%zz", "/%4g", "/a%/b", "/%%41", "/%u0041"}) EXPECT_EQ(Canonical(raw), "400") << raw;
}

TEST(Target, S20_AbsoluteFormExposesSchemeAndAuthority) {
  std::string scratch;
  const auto target = CanonicalTarget("http://App.example.com:80/a/../b?c", Method::kGet, scratch);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->form, TargetForm::kAbsolute);
  EXPECT_EQ(target->scheme, "http");
  EXPECT_EQ(target->authority, "App.example.com:80");
  EXPECT_EQ(target->path_and_query, "/b?c");
  EXPECT_EQ(Canonical("https://a"), "/");
  EXPECT_EQ(Canonical("HTTP://a?x"), "/?x");
}

TEST(Target, S20_OtherFormsAndAuthorityTricksAreRefused) {
  for (const std::string_view raw : {"", "a", "a/b", "?x", "*", "ftp://a/", "http:/a", "http:a", "http:///a", "http://", "http://u@a/", "http://a\\b/",
                                     "http://a#b", "javascript://x/%0aalert(1)", "example.com:443", "://a/", "%2fa", "\\a", "**"})
    EXPECT_EQ(Canonical(raw), "400") << raw;
}

TEST(Target, TheAsteriskIsForOptionsOnly) {
  std::string scratch;
  const auto target = CanonicalTarget("*", Method::kOptions, scratch);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->form, TargetForm::kAsterisk);
  EXPECT_EQ(target->path_and_query, "*");
  EXPECT_FALSE(CanonicalTarget("*", Method::kPost, scratch));
}

TEST(Target, S20_PatternsMustHaveOneSpelling) {
  for (const std::string_view path : {"/", "/api/v1", "/~a_b-c.d", "/caf%C3%A9"}) EXPECT_TRUE(HasOneSpelling(path)) << path;
  for (const std::string_view path : {"/@id", "/(a)", "/a b", "/caf%c3%a9", "/%41", "/%40", "/a;b", "/%C3%A", "/[x]"})
    EXPECT_FALSE(HasOneSpelling(path)) << path;
}

}  // namespace
}  // namespace sallyport::http
