// SPDX-License-Identifier: Apache-2.0
// The mails that this product sends, compiled in, as text and HTML from one source.
//
// Every value is escaped in HTML (S53); no value that a stranger can choose is shown but the address itself (whoever
// registers somebody else's address must not be able to write them a letter: the name is left out). Links are public_url
// plus a path of ours plus the token. Pure.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/result.h"
#include "sallyport/base/url.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {

// Subject and lines are mustache over the intent's fields, `site` and `life` ("1 hour").
struct MailTemplate {
  std::string_view name;                      // identity::kMail…
  std::vector<std::string_view> required;     // fields of the intent
  std::string_view subject;
  std::vector<std::string_view> before;       // paragraphs
  std::string_view button;                    // empty: no link
  std::string_view link_path;                 // "/api/auth/email/verify"; the token is added as its query, and the field "provider" to a path that ends in '/'
  std::vector<std::string_view> after;
};

std::span<const MailTemplate> MailTemplates();
// The mustache source of the HTML page around them; for the test that refuses unescaped tags.
std::string_view MailLayout();

struct MailBranding {
  std::string name = "Sallyport";
  std::string color = "#2f5bea";              // #rrggbb; anything else is replaced by this
};

struct RenderedMail {
  std::string subject, text, html;
  std::string link;                           // empty: none
};

// kTemplate: unknown name, or a required field is missing.
Result<RenderedMail> RenderMail(std::string_view name, const std::map<std::string, std::string>& fields,
                                const MailBranding& branding, const Origin& public_url);

}  // namespace sallyport::signin
