// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_message.h"

#include <gtest/gtest.h>

namespace sallyport::signin {
namespace {

MailMessage Sample() {
  return {"Example <no-reply@example.com>", "anna@example.org", "Hello", "Grüße\n.dot\n", "<p>Grüße</p>", FromUnixSeconds(1'800'000'000), "abc1"};
}

TEST(MailMessage, BodiesComeBack) {
  const auto message = BuildMessage(Sample());
  ASSERT_TRUE(message);
  const auto bodies = ReadBodies(*message);
  ASSERT_TRUE(bodies);
  EXPECT_EQ(bodies->text, "Grüße\n.dot\n");
  EXPECT_EQ(bodies->html, "<p>Grüße</p>");
}

TEST(MailMessage, HeadIsComplete) {
  const auto message = BuildMessage(Sample()).value();
  EXPECT_TRUE(message.starts_with("From: Example <no-reply@example.com>\r\nTo: anna@example.org\r\nSubject: Hello\r\n"
                                  "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\nMessage-ID: <abc1@example.com>\r\n"))
      << message;
}

TEST(MailMessage, EveryLineIsShortAndEndsWithCrLf) {
  auto sample = Sample();
  sample.subject = std::string(30, 'x') + "äöü€𝄞 and a good many words more, so that it needs several lines to be written äöü";
  sample.text = std::string(5000, 'y');
  const auto message = BuildMessage(sample).value();
  std::size_t at = 0;
  while (at < message.size()) {
    const auto end = message.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 78u) << message.substr(at, end - at);
    EXPECT_EQ(message.substr(at, end - at).find_first_of("\r\n"), std::string::npos);
    at = end + 2;
  }
}

TEST(MailMessage, LongSubjectIsEncodedBetweenCodePoints) {
  auto sample = Sample();
  sample.subject.clear();
  for (int i = 0; i < 40; ++i) sample.subject += "€";
  const auto message = BuildMessage(sample).value();
  // 42 bytes are 14 euro signs: 56 characters of base64 without padding.
  EXPECT_NE(message.find("=?UTF-8?B?4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs4oKs?=\r\n =?UTF-8?B?"), std::string::npos) << message;
}

TEST(MailMessage, S53_NoValueCanBeginAHeader) {
  for (const auto* evil : {"a\r\nBcc: x@y", "a\nBcc: x@y", "a\rb", "a\tb"}) {
    auto sample = Sample();
    sample.subject = evil;
    EXPECT_TRUE(BuildMessage(sample).error().Is(Errc::kInvalidMail));
    sample = Sample();
    sample.from = std::string(evil) + " <a@b>";
    EXPECT_TRUE(BuildMessage(sample).error().Is(Errc::kInvalidMail));
  }
}

TEST(MailMessage, S52_RecipientIsOneAddress) {
  for (const auto* to : {"a@b, c@d", "a@b\r\nBcc: c@d", "a b@c", "<a@b>", "a", "", "a@b@c", "\"a\"@b"}) {
    auto sample = Sample();
    sample.to = to;
    EXPECT_TRUE(BuildMessage(sample).error().Is(Errc::kInvalidMail)) << to;
  }
}

TEST(MailMessage, NamesAreQuotedOrEncoded) {
  const auto from = [](std::string name) {
    auto sample = Sample();
    sample.from = name + " <a@b.c>";
    return BuildMessage(sample).value().substr(0, 60);
  };
  EXPECT_TRUE(from("Acme, Inc.").starts_with("From: \"Acme, Inc.\" <a@b.c>\r\n"));
  EXPECT_TRUE(from("\"Acme, Inc.\"").starts_with("From: \"Acme, Inc.\" <a@b.c>\r\n"));
  EXPECT_TRUE(from("Bücher").starts_with("From: =?UTF-8?B?QsO8Y2hlcg==?= <a@b.c>\r\n"));
}

TEST(MailMessage, ForeignTextHasNoBodies) { EXPECT_FALSE(ReadBodies("Subject: x\r\n\r\nhello")); }

}  // namespace
}  // namespace sallyport::signin
