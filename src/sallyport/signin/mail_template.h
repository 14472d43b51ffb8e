// SPDX-License-Identifier: Apache-2.0
// Puts a mail together from the words of the catalog, as text and HTML from one source.
//
// Every value is escaped in HTML (S53); no value that a stranger can choose is shown but the address itself (whoever
// registers somebody else's address must not be able to write them a letter: the name is left out). Links are public_url
// plus a path of ours plus the token. Pure.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/result.h"
#include "sallyport/base/url.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/mail_catalog.h"

namespace sallyport::signin {

struct MailBranding {
  std::string name = "Sallyport";
  std::string color = "#2f5bea";              // #rrggbb; anything else is replaced by this
};

struct RenderedMail {
  std::string subject, text, html;
  std::string link;                           // empty: none
};

// `language` is one of the catalog's. kTemplate: unknown name, or a required field is missing.
Result<RenderedMail> RenderMail(const MailCatalog& catalog, std::string_view language, std::string_view name, const MailFields& fields,
                                const MailBranding& branding, const Origin& public_url);

}  // namespace sallyport::signin
