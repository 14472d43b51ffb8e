// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "sallyport/identity/mail_intent.h"

namespace sallyport::signin {
namespace {

const Origin kPublic{"https", "app.example", 443};

std::map<std::string, std::string> AllFields() {
  return {{"email", "anna@example.org"}, {"name", "EVIL-NAME"}, {"token", "tok_EN-1"}, {"purpose", "register"},
          {"minutes", "60"}, {"new_email", "anna2@example.org"}, {"code", "1234 5678"}, {"provider", "email"}};
}

std::vector<std::string> SourcesOf(const MailTemplate& mail) {
  std::vector<std::string> sources(mail.before.begin(), mail.before.end());
  sources.insert(sources.end(), mail.after.begin(), mail.after.end());
  sources.emplace_back(mail.subject);
  sources.emplace_back(mail.button);
  return sources;
}

TEST(MailTemplate, S53_LayoutHasNoUnescapedTag) {
  const std::string layout(MailLayout());
  EXPECT_EQ(layout.find("{{{"), std::string::npos);
  EXPECT_FALSE(std::regex_search(layout, std::regex(R"(\{\{\s*[&=])")));
}

TEST(MailTemplate, EveryTagIsARequiredField) {
  for (const auto& mail : MailTemplates()) {
    std::set<std::string> known = {"{{site}}", "{{life}}"};
    for (const auto field : mail.required) known.insert("{{" + std::string(field) + "}}");
    for (const auto& source : SourcesOf(mail)) {
      const std::regex tag(R"(\{\{[^}]*\}+)");
      for (std::sregex_iterator it(source.begin(), source.end(), tag), end; it != end; ++it) {
        EXPECT_TRUE(known.contains(it->str())) << mail.name << ": " << it->str();
      }
    }
  }
}

TEST(MailTemplate, EveryIntentOfIdentityHasATemplate) {
  using namespace identity;
  for (const auto name : {kMailRegister, kMailRegisterKnown, kMailReset, kMailResetUnknown, kMailPasswordChanged, kMailEmailChange,
                          kMailEmailChangeTaken, kMailEmailChangeNotice, kMailSignIn, kMailSignInUnknown}) {
    const auto mail = RenderMail(name, AllFields(), {}, kPublic);
    ASSERT_TRUE(mail) << name;
    EXPECT_FALSE(mail->subject.empty());
    EXPECT_EQ(mail->text.find("{{"), std::string::npos) << mail->text;
    EXPECT_EQ(mail->html.find("{{"), std::string::npos);
    EXPECT_NE(mail->text.find("anna@example.org"), std::string::npos);
    EXPECT_NE(mail->html.find("anna@example.org"), std::string::npos);
  }
  EXPECT_EQ(MailTemplates().size(), 10u);
}

TEST(MailTemplate, MissingFieldIsAnError) {
  for (const auto& mail : MailTemplates()) {
    for (const auto field : mail.required) {
      auto fields = AllFields();
      fields.erase(std::string(field));
      EXPECT_TRUE(RenderMail(mail.name, fields, {}, kPublic).error().Is(Errc::kTemplate)) << mail.name << " " << field;
    }
  }
  EXPECT_TRUE(RenderMail("nonsense", AllFields(), {}, kPublic).error().Is(Errc::kTemplate));
}

TEST(MailTemplate, S53_LinksPointToThePublicUrlOnly) {
  const std::regex url(R"(https?://[^\s"<]*)");
  for (const auto& mail : MailTemplates()) {
    const auto rendered = RenderMail(mail.name, AllFields(), {}, kPublic).value();
    for (const auto& text : {rendered.text, rendered.html}) {
      for (std::sregex_iterator it(text.begin(), text.end(), url), end; it != end; ++it) {
        EXPECT_TRUE(it->str().starts_with("https://app.example/api/auth/")) << it->str();
      }
    }
  }
}

TEST(MailTemplate, LinkCarriesTheToken) {
  const auto mail = RenderMail("register", AllFields(), {}, kPublic).value();
  EXPECT_EQ(mail.link, "https://app.example/api/auth/email/verify?token=tok_EN-1");
  EXPECT_NE(mail.text.find("\n" + mail.link + "\n"), std::string::npos);
  EXPECT_NE(mail.text.find("1 hour,"), std::string::npos) << mail.text;
}

TEST(MailTemplate, S53_ValuesAreEscapedInHtml) {
  auto fields = AllFields();
  fields["email"] = "<script>\"&'@example.org";
  const auto mail = RenderMail("reset", fields, {"<b>Acme & Co</b>", "red;}</style>"}, kPublic).value();
  EXPECT_EQ(mail.html.find("<script>"), std::string::npos);
  EXPECT_EQ(mail.html.find("<b>"), std::string::npos);
  EXPECT_EQ(mail.html.find("red;"), std::string::npos);
  EXPECT_NE(mail.html.find("&lt;b&gt;Acme &amp; Co&lt;/b&gt;"), std::string::npos);
  EXPECT_NE(mail.text.find("<b>Acme & Co</b>"), std::string::npos) << "plain text is not escaped";
}

TEST(MailTemplate, S53_ValuesAreNotTemplates) {
  auto fields = AllFields();
  fields["email"] = "{{token}}@example.org";
  const auto mail = RenderMail("reset_unknown", fields, {"{{email}}", "#000000"}, kPublic).value();
  EXPECT_NE(mail.text.find("{{token}}@example.org"), std::string::npos);
  EXPECT_NE(mail.html.find("{{token}}@example.org"), std::string::npos);
}

// Whoever registers somebody else's address chooses the name: it must not reach that person's mailbox.
TEST(MailTemplate, NameIsNeverMailed) {
  for (const auto& mail : MailTemplates()) {
    const auto rendered = RenderMail(mail.name, AllFields(), {}, kPublic).value();
    EXPECT_EQ((rendered.text + rendered.html + rendered.subject).find("EVIL-NAME"), std::string::npos);
  }
}

}  // namespace
}  // namespace sallyport::signin
