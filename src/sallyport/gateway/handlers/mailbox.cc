// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/dev/mailbox: what would have been mailed. Only with `dev`, and only for this machine.
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/signin/mail_sender.h"

namespace sallyport::gateway {

Task<Answer> HandleMailbox(AuthRequest& request) {
  const GatewayOptions& options = request.services.config.gateway;
  const auto client = http::IpAddress::Parse(request.client_ip);
  if (!options.dev || !client || !client->is_loopback()) co_return NotFoundAnswer(request.prefers_html(), options.pages, request.request_id);
  SALLYPORT_CO_TRY(auto entries, co_await request.services.mail.Mailbox(50));
  if (!request.prefers_html()) {
    json::array mails;
    for (const auto& entry : entries)
      mails.push_back(json::object{{"to", entry.to}, {"subject", entry.subject}, {"text", entry.text}, {"at", ToIso8601(entry.at)},
                                   {"links", json::array(entry.links.begin(), entry.links.end())}});
    co_return Answer::Json(200, json::object{{"mails", std::move(mails)}});
  }
  MailboxPage page;
  for (auto& entry : entries)
    page.mails.push_back({std::move(entry.to), std::move(entry.subject), ToHttpDate(entry.at), std::move(entry.text), std::move(entry.state), std::move(entry.links)});
  co_return Answer::Html(200, RenderMailboxPage(options.pages, page));
}

}  // namespace sallyport::gateway
