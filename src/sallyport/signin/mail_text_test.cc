// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::signin {
namespace {

using ::testing::ElementsAre;
using Kind = MailParagraph::Kind;

TEST(MailText, ParagraphsButtonAndCode) {
  const auto text = ParseMailText("Subject:  Sign in to {{site}} \r\n\r\nOne line,\n  and its second.\n\n\n[Sign in]\n\n{{code}}\n\n[not] a button").value();
  EXPECT_EQ(text.subject, "Sign in to {{site}}");
  ASSERT_EQ(text.paragraphs.size(), 4u);
  EXPECT_EQ(text.paragraphs[0].text, "One line, and its second.");
  EXPECT_EQ(text.paragraphs[1].kind, Kind::kButton);
  EXPECT_EQ(text.paragraphs[1].text, "Sign in");
  EXPECT_EQ(text.paragraphs[2].kind, Kind::kCode);
  EXPECT_EQ(text.paragraphs[3].kind, Kind::kText);
}

TEST(MailText, WhatIsNoMailIsRefused) {
  for (const char* source : {"", "Hello", "Subject:\n\ntext", "Subject: x", "Subject: x\n\n \n", "\nSubject: x\n\ntext"})
    EXPECT_FALSE(ParseMailText(source)) << source;
  EXPECT_FALSE(ParseMailText("Subject: x\n\n" + std::string(kMaxMailText, 'a')));
}

TEST(MailText, TagsAreNamesAndNothingElse) {
  EXPECT_THAT(TagsIn("{{site}} and {{new_email}}").value(), ElementsAre("site", "new_email"));
  for (const char* text : {"{{", "{{site", "{{{site}}}", "{{&site}}", "{{#site}}", "{{ site }}", "{{}}", "{{Site}}"}) EXPECT_FALSE(TagsIn(text)) << text;
}

TEST(MailText, S53_ValuesAreFilledInOnce) {
  const MailFields values{{"site", "{{email}}"}, {"email", "a@example.com"}};
  EXPECT_EQ(FillIn("{{site}}/{{email}}", values).value(), "{{email}}/a@example.com");
  EXPECT_TRUE(FillIn("{{token}}", values).error().Is(Errc::kTemplate));
}

}  // namespace
}  // namespace sallyport::signin
