// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>

#include "sallyport/identity/mail_intent.h"

namespace sallyport::signin {
namespace {

const Origin kPublic{"https", "app.example", 443};

MailFields AllFields() {
  return {{"email", "anna@example.org"}, {"name", "EVIL-NAME"}, {"token", "tok_EN-1"}, {"purpose", "register"},
          {"minutes", "60"}, {"new_email", "anna2@example.org"}, {"code", "1234 5678"}, {"provider", "email"}};
}

Result<RenderedMail> Render(std::string_view name, const MailFields& fields = AllFields(), const MailBranding& branding = {},
                            std::string_view language = "en") {
  return RenderMail(MailCatalog::BuiltIn(), language, name, fields, branding, kPublic);
}

TEST(MailTemplate, EveryIntentOfIdentityHasATemplate) {
  using namespace identity;
  for (const auto name : {kMailRegister, kMailRegisterKnown, kMailReset, kMailResetUnknown, kMailPasswordChanged, kMailEmailChange,
                          kMailEmailChangeTaken, kMailEmailChangeNotice, kMailSignIn, kMailSignInUnknown}) {
    for (const auto& language : MailCatalog::BuiltIn().languages()) {
      const auto mail = Render(name, AllFields(), {}, language);
      ASSERT_TRUE(mail) << name;
      EXPECT_FALSE(mail->subject.empty());
      EXPECT_EQ(mail->text.find("{{"), std::string::npos) << mail->text;
      EXPECT_EQ(mail->html.find("{{"), std::string::npos);
      EXPECT_NE(mail->text.find("anna@example.org"), std::string::npos);
      EXPECT_NE(mail->html.find("anna@example.org"), std::string::npos);
      EXPECT_NE(mail->html.find("<html lang=\"" + language + "\">"), std::string::npos);
    }
  }
  EXPECT_EQ(MailKinds().size(), 10u);
}

TEST(MailTemplate, MissingFieldIsAnError) {
  for (const auto& mail : MailKinds()) {
    for (const auto field : mail.required) {
      auto fields = AllFields();
      fields.erase(std::string(field));
      EXPECT_TRUE(Render(mail.name, fields).error().Is(Errc::kTemplate)) << mail.name << " " << field;
    }
  }
  EXPECT_TRUE(Render("nonsense").error().Is(Errc::kTemplate));
}

TEST(MailTemplate, S53_LinksPointToThePublicUrlOnly) {
  const std::regex url(R"(https?://[^\s"<]*)");
  for (const auto& mail : MailKinds()) {
    const auto rendered = Render(mail.name).value();
    for (const auto& text : {rendered.text, rendered.html}) {
      for (std::sregex_iterator it(text.begin(), text.end(), url), end; it != end; ++it) {
        EXPECT_TRUE(it->str().starts_with("https://app.example/api/auth/")) << it->str();
      }
    }
  }
}

TEST(MailTemplate, LinkCarriesTheToken) {
  const auto mail = Render("register").value();
  EXPECT_EQ(mail.link, "https://app.example/api/auth/email/verify?token=tok_EN-1");
  EXPECT_NE(mail.text.find("\n" + mail.link + "\n"), std::string::npos);
  EXPECT_NE(mail.text.find("1 hour,"), std::string::npos) << mail.text;
}

TEST(MailTemplate, S53_ValuesAreEscapedInHtml) {
  auto fields = AllFields();
  fields["email"] = "<script>\"&'@example.org";
  const auto mail = Render("reset", fields, {"<b>Acme & Co</b>", "red;}</style>"}).value();
  EXPECT_EQ(mail.html.find("<script>"), std::string::npos);
  EXPECT_EQ(mail.html.find("<b>"), std::string::npos);
  EXPECT_EQ(mail.html.find("red;"), std::string::npos);
  EXPECT_NE(mail.html.find("&lt;b&gt;Acme &amp; Co&lt;/b&gt;"), std::string::npos);
  EXPECT_NE(mail.text.find("<b>Acme & Co</b>"), std::string::npos) << "plain text is not escaped";
}

TEST(MailTemplate, S53_ValuesAreNotTemplates) {
  auto fields = AllFields();
  fields["email"] = "{{token}}@example.org";
  const auto mail = Render("reset_unknown", fields, {"{{email}}", "#000000"}).value();
  EXPECT_NE(mail.text.find("{{token}}@example.org"), std::string::npos);
  EXPECT_NE(mail.html.find("{{token}}@example.org"), std::string::npos);
}

TEST(MailTemplate, TheSignInMailShowsItsCodeLarge) {
  const auto mail = Render("signin").value();
  EXPECT_EQ(mail.link, "https://app.example/api/auth/callback/email?token=tok_EN-1");
  EXPECT_NE(mail.text.find("\n    1234 5678\n"), std::string::npos) << mail.text;
  EXPECT_NE(mail.html.find("<p class=\"code\">1234 5678</p>"), std::string::npos) << mail.html;
  EXPECT_EQ(mail.subject, "Sign in to Sallyport");
  EXPECT_EQ(mail.subject.find("1234"), std::string::npos) << "not on a locked screen";
}

TEST(MailTemplate, GermanSaysTheSameInGerman) {
  auto fields = AllFields();
  fields["minutes"] = "15";
  const auto mail = Render("signin", fields, {}, "de").value();
  EXPECT_EQ(mail.subject, "Anmelden bei Sallyport");
  EXPECT_NE(mail.text.find("15 Minuten"), std::string::npos) << mail.text;
  EXPECT_NE(mail.html.find("Oder öffnen Sie diese Adresse:"), std::string::npos);
}

// Whoever registers somebody else's address chooses the name: it must not reach that person's mailbox.
TEST(MailTemplate, NameIsNeverMailed) {
  for (const auto& mail : MailKinds()) {
    const auto rendered = Render(mail.name).value();
    EXPECT_EQ((rendered.text + rendered.html + rendered.subject).find("EVIL-NAME"), std::string::npos);
  }
}

}  // namespace
}  // namespace sallyport::signin
