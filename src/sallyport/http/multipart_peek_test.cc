// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/multipart_peek.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

constexpr std::string_view kUrlencoded = "application/x-www-form-urlencoded";
constexpr std::string_view kMultipart = "multipart/form-data; boundary=XyZ";

std::string Part(std::string_view name, std::string_view value, std::string_view more = "") {
  return "--XyZ\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"" + std::string(more) + "\r\n\r\n" + std::string(value) + "\r\n";
}
constexpr std::string_view kEnd = "--XyZ--\r\n";

void ExpectFound(std::string_view type, std::string_view body, std::string_view value) {
  const PeekResult result = PeekFormField(type, body, true, "_csrf");
  EXPECT_EQ(result.status, PeekStatus::kFound) << body;
  EXPECT_EQ(result.value, value);
}
PeekStatus Status(std::string_view type, std::string_view body, bool complete = true, std::size_t window = kPeekWindow) {
  return PeekFormField(type, body, complete, "_csrf", window).status;
}

TEST(PeekUrlencoded, TheFieldIsFoundAnywhere) {
  ExpectFound(kUrlencoded, "_csrf=abc", "abc");
  ExpectFound(kUrlencoded, "a=b&_csrf=a%2Bb+c&x", "a+b c");
  ExpectFound(kUrlencoded, "%5Fcsrf=abc", "abc");
  ExpectFound(kUrlencoded, "_csrf=first&_csrf=second", "first");
}

TEST(PeekUrlencoded, AnIncompleteValueIsNotJudged) {
  EXPECT_EQ(Status(kUrlencoded, "a=b&_csrf=ab", false), PeekStatus::kNeedMore);
  EXPECT_EQ(Status(kUrlencoded, "", false), PeekStatus::kNeedMore);
  EXPECT_EQ(Status(kUrlencoded, "_csrf=ab&", false), PeekStatus::kFound);
  EXPECT_EQ(Status(kUrlencoded, "", true), PeekStatus::kNotFound);
}

TEST(PeekUrlencoded, TheWindowEndsTheSearch) {
  const std::string before = "a=" + std::string(kPeekWindow, 'x');
  EXPECT_EQ(Status(kUrlencoded, before + "&_csrf=abc", true), PeekStatus::kNotFound);
  EXPECT_EQ(Status(kUrlencoded, before, false), PeekStatus::kNotFound);
  EXPECT_EQ(Status(kUrlencoded, "_csrf=abcdef", true, 9), PeekStatus::kNotFound) << "a cut value is not a value";
}

TEST(PeekUrlencoded, OddValuesAreNotFound) {
  for (const std::string_view body : {"_csrf=%", "_csrf=%00", "_csrf=%ff", "_csrf", "x_csrf=1", "_csrf2=1"}) EXPECT_EQ(Status(kUrlencoded, body), PeekStatus::kNotFound) << body;
  EXPECT_EQ(Status(kUrlencoded, "_csrf=" + std::string(kMaxPeekValue + 1, 'a')), PeekStatus::kNotFound);
  EXPECT_EQ(Status("application/json", "_csrf=1"), PeekStatus::kNotFound);
}

TEST(PeekMultipart, TheFieldIsFoundBetweenOthers) {
  ExpectFound(kMultipart, Part("_csrf", "abc") + std::string(kEnd), "abc");
  ExpectFound(kMultipart, Part("a", "1\r\n--Xy") + Part("f", "data", "; filename=\"_csrf\"") + Part("_csrf", "abc") + std::string(kEnd), "abc");
  ExpectFound("multipart/form-data; boundary=\"XyZ\"", Part("_csrf", "") + std::string(kEnd), "");
}

TEST(PeekMultipart, EveryPrefixNeedsMoreUntilTheDelimiterBehindTheValue) {
  const std::string body = Part("a", "1") + Part("_csrf", "abc") + std::string(kEnd);
  const std::size_t decided = body.size() - kEnd.size() + 5;
  for (std::size_t size = 0; size <= body.size(); ++size)
    EXPECT_EQ(Status(kMultipart, std::string_view(body).substr(0, size), false), size < decided ? PeekStatus::kNeedMore : PeekStatus::kFound) << size;
}

TEST(PeekMultipart, FilesAndOtherPartsAreNotTheField) {
  for (const std::string& body : {Part("_csrf", "abc", "; filename=\"x\""), Part("_csrf", "abc", "; filename*=UTF-8''x"), Part("_CSRF", "abc"), Part("a", "_csrf"),
                                  std::string("--XyZ\r\nX: form-data; name=\"_csrf\"\r\n\r\nabc\r\n"), std::string("--XyZ\r\n\r\nabc\r\n"),
                                  std::string("--XyZ\r\nContent-Disposition: attachment; name=\"_csrf\"\r\n\r\nabc\r\n"),
                                  std::string("--XyZ\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\nabc\r\n")})
    EXPECT_EQ(Status(kMultipart, body + std::string(kEnd)), PeekStatus::kNotFound) << body;
}

TEST(PeekMultipart, MalformedBodiesAreNotFound) {
  for (const std::string_view body : {"x--XyZ\r\n", "--Xyz\r\n", "--XyZx\r\n", "--XyZ--\r\n", "", "--XyZ\nContent-Disposition: form-data; name=\"_csrf\"\n\nabc"})
    EXPECT_EQ(Status(kMultipart, body), PeekStatus::kNotFound) << body;
  EXPECT_EQ(Status("multipart/form-data", Part("_csrf", "a")), PeekStatus::kNotFound);
  EXPECT_EQ(Status("multipart/form-data; boundary=a; boundary=XyZ", Part("_csrf", "a") + std::string(kEnd)), PeekStatus::kNotFound);
  EXPECT_EQ(Status("multipart/form-data; boundary=" + std::string(71, 'a'), ""), PeekStatus::kNotFound);
}

TEST(PeekMultipart, BehindABigPartItIsNotFound) {
  const std::string body = Part("a", std::string(kPeekWindow, 'x')) + Part("_csrf", "abc") + std::string(kEnd);
  EXPECT_EQ(Status(kMultipart, body), PeekStatus::kNotFound);
  EXPECT_EQ(Status(kMultipart, Part("_csrf", std::string(kMaxPeekValue + 50, 'a')), false), PeekStatus::kNotFound);
}

}  // namespace
}  // namespace sallyport::http
