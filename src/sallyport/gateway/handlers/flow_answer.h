// SPDX-License-Identifier: Apache-2.0
// What a refused account flow looks like: a problem document for clients, a sentence on the form for people.
#pragma once

#include "sallyport/gateway/auth_request.h"
#include "sallyport/gateway/pages/page.h"
#include "sallyport/signin/account_flows.h"

namespace sallyport::gateway {

// For every outcome but kDone and kMailSent: status, stable code, and "field" where one is to blame.
Answer ProblemFor(const signin::FlowAnswer& flow, std::size_t min_password);
// The same as sentences: on the field to blame, else above the form. Returns the status.
std::uint16_t ExplainOnForm(const signin::FlowAnswer& flow, std::size_t min_password, FormState& form);

// 403 for a missing or wrong csrfToken on our own account routes, as JSON or, for forms, as a page that says what to do.
Answer AccountCsrfRefusal(const AuthRequest& request, AuthRequest::CsrfVerdict verdict);
struct Link {
  std::string text, href;
};
// 400 for a mail's link that does not work any more; `advice` follows the sentence that says so.
Answer DeadLinkPage(const AuthRequest& request, std::string_view advice, Link way_on);
// 404 where accounts are not kept here (password method off).
Answer NoAccountsHere(const AuthRequest& request);
// True when the answer should be a page: the body was a form and not JSON.
bool WantsPage(const AuthRequest& request, const BodyFields& body);

}  // namespace sallyport::gateway
