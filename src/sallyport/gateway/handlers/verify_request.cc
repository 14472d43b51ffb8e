// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/verify-request: "a mail is on its way".
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/pages/page.h"

namespace sallyport::gateway {

Task<Answer> HandleVerifyRequestPage(AuthRequest& request) {
  const GatewayOptions& options = request.services.config.gateway;
  if (!options.pages.verify_request.empty()) co_return Answer::Redirect(302, request.Absolute(options.pages.verify_request));
  MessagePage page;
  page.heading = "Check your mail";
  page.text = "If the address is right, a message with the next step is on its way to it. The link in it works for a limited time.";
  if (options.dev) {
    page.link_text = "Open the development mailbox";
    page.link_href = "/api/auth/dev/mailbox";
  }
  co_return Answer::Html(200, RenderMessagePage(options.pages, page));
}

}  // namespace sallyport::gateway
