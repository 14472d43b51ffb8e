// SPDX-License-Identifier: Apache-2.0
// Turns "this person has proved who they are" into a session and the cookies of an answer.
#pragma once

#include "sallyport/gateway/auth_request.h"
#include "sallyport/signin/signed_in.h"

namespace sallyport::gateway {

// Begins the session (the browser's former one dies, S1) and adds its cookies, the XSRF-TOKEN cookie and the mark of a known
// device to `answer`. A profile that the method changed is told to the person's other sessions first. S6: call it only after
// every required factor. `former`: the browser's session where its cookie could not come along (a cross-site POST); what the
// request's cookies say goes before it.
Task<void> BeginSessionInto(AuthRequest& request, signin::SignedIn signed_in, Answer& answer, model::SessionId former = {});

// Somebody who has just registered with a password.
signin::SignedIn NewByPassword(model::User user);

// Ends the request's session everywhere, has its tokens made void at their provider, and adds the clearing cookies to `answer`. What
// it had of a provider, for signing out there too; or empty.
Task<json::object> EndSessionInto(AuthRequest& request, const session::Resolution& resolution, Answer& answer);

// Who is asking, for throttling and the audit log; `account` is what was typed, for the mark of a known device (S55).
signin::RequestFacts FactsOf(const AuthRequest& request, std::string_view account = {});

// A secret that only this browser can show again, for the flows whose second half comes by mail (S54). Made and set when the
// browser has none and `set_cookie` is not null; else empty.
std::string BrowserBinding(const AuthRequest& request, std::optional<std::string>* set_cookie);

}  // namespace sallyport::gateway
