// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/pages/page.h"

#include <gtest/gtest.h>

#include "sallyport/gateway/pages/page_template.h"

namespace sallyport::gateway {
namespace {

constexpr std::string_view kEvil = "<script>alert(\"1\")</script>'&";

FormState EvilForm() {
  FormState form;
  form.csrf_token = form.callback_url = form.error = std::string(kEvil);
  for (const char* field : {"code", "email", "name", "current", "password", "username"}) form.values[field] = form.field_errors[field] = std::string(kEvil);
  return form;
}

std::vector<std::string> EveryPage(const PagesOptions& pages) {
  const std::string evil(kEvil);
  SignInPage sign_in{EvilForm(), {{evil, evil, true}, {"backend", evil, false}, {evil, evil, true, true}}, true, true, evil, {{evil, evil}}, evil};
  const CheckMailPage check_mail{EvilForm(), evil, evil, 15, evil};
  const EmailLinkPage email_link{EvilForm(), evil, evil, evil, false};
  ConfirmPage confirm{EvilForm(), evil, evil, true, false};
  AccountPage account{EvilForm(), evil, evil, evil, true, evil, "password", 8, {{evil, evil, evil, evil, false}, {evil, evil, evil, evil, true}}, {{evil, evil, evil}, {evil, evil, ""}}, evil};
  MailboxPage mailbox{{{evil, evil, evil, evil, evil, {evil}}}};
  return {RenderErrorPage(pages, 500, evil, evil), RenderSignInPage(pages, sign_in), RenderSignOutPage(pages, EvilForm(), evil),
          RenderRegisterPage(pages, EvilForm(), 8), RenderMessagePage(pages, {evil, evil, evil, evil, true}),
          RenderConfirmPage(pages, confirm), RenderCheckMailPage(pages, check_mail), RenderEmailLinkPage(pages, email_link), RenderResetRequestPage(pages, EvilForm()), RenderResetPage(pages, EvilForm(), evil, evil, 8),
          RenderAccountPage(pages, account), RenderMailboxPage(pages, mailbox)};
}

TEST(Pages, S53_NoTemplateHasAnUnescapedTag) {
  ASSERT_FALSE(PageTemplates().empty());
  for (const PageTemplate& page : PageTemplates()) {
    EXPECT_EQ(page.text.find("{{{"), std::string_view::npos) << page.name;
    EXPECT_EQ(page.text.find("{{&"), std::string_view::npos) << page.name;
  }
}

TEST(Pages, S53_EveryValueIsEscapedOnEveryPage) {
  PagesOptions pages;
  pages.name = std::string(kEvil);
  pages.logo = std::string(kEvil);
  for (const std::string& html : EveryPage(pages)) {
    EXPECT_EQ(html.find("<script"), std::string::npos) << html;
    EXPECT_EQ(html.find("\"1\""), std::string::npos) << html;
    EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
  }
}

TEST(Pages, NoTagIsLeftUnrendered) {
  for (const std::string& html : EveryPage({})) EXPECT_EQ(html.find("{{"), std::string::npos) << html;
}

TEST(Pages, S8_NoPageHoldsScriptOrInlineStyle) {
  for (const std::string& html : EveryPage({})) {
    for (const char* forbidden : {"<style", " style=", " onclick", " onload", "javascript:"}) EXPECT_EQ(html.find(forbidden), std::string::npos) << forbidden;
  }
}

TEST(Pages, PasswordsAreNeverEchoed) {
  FormState form;
  form.values["password"] = "hunter22-hunter22";
  EXPECT_EQ(RenderRegisterPage({}, form, 8).find("hunter22"), std::string::npos);
}

TEST(Pages, ErrorsAreTiedToTheirFields) {
  FormState form;
  form.field_errors["email"] = "Not an address.";
  const std::string html = RenderRegisterPage({}, form, 8);
  EXPECT_NE(html.find("aria-describedby=\"email-error\""), std::string::npos);
  EXPECT_NE(html.find("id=\"email-error\">Not an address."), std::string::npos);
}

TEST(Pages, AnErrorOfTheFormIsNotShownAtEachField) {
  FormState form;
  form.error = "Above the form.";
  const std::string html = RenderRegisterPage({}, form, 8);
  EXPECT_EQ(html.find("field-error"), std::string::npos);
  EXPECT_NE(html.find("role=\"alert\">Above the form."), std::string::npos);
}

}  // namespace
}  // namespace sallyport::gateway
