// SPDX-License-Identifier: Apache-2.0
// How next-auth's routes answer: as JSON or as a redirect, in v4's and v5's manner (WIRE.md §1), and where they send people.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/gateway/auth_request.h"

namespace sallyport::gateway {

// Which client asked: v5 sends X-Auth-Return-Redirect, v4 the field json=true, a plain form neither (then compat decides
// where wrong input leads to).
enum class WireStyle : std::uint8_t { kV5, kV4, kForm };
WireStyle StyleOf(const AuthRequest& request);   // after Body()
// kForm counts as what compat.next_auth says.
bool IsV4(const AuthRequest& request);

// Where a step that worked leads to: 200 {"url": absolute} for the JSON styles (v5 has Location beside it), else a 302.
Answer WireRedirect(const AuthRequest& request, std::string url);
// Where a refusal leads to: {"url": absolute} with `json_status` for the JSON styles, else a 302.
Answer WireRefusal(const AuthRequest& request, std::string url, std::uint16_t json_status = 200);

// Absolute URL of the sign-in or error page, ours or the app's own, with `query` ("error=…") when not empty.
std::string SignInUrl(const AuthRequest& request, std::string_view query = {});
std::string SignOutUrl(const AuthRequest& request, std::string_view query = {});
std::string ErrorUrl(const AuthRequest& request, std::string_view query);
// Ours even when the app has its own: v4 clients are sent there, and it sends them on (error_page.cc).
std::string OwnErrorUrl(const AuthRequest& request, std::string_view query);

// Where somebody who has just signed in goes: `callback_url`, or with `pages.new_user` a newcomer to that page, which gets it
// as its query's callbackUrl.
std::string LandingUrl(const AuthRequest& request, bool is_new_user, const std::string& callback_url);

// Remembers the callbackUrl in its cookie when it is not there yet (next-auth's pages rely on it).
void RememberCallbackUrl(const AuthRequest& request, std::string_view url, Answer& answer);

// The sentence for an `error` of next-auth (and our `code`), for pages; "" for none.
std::string SentenceForError(std::string_view error, std::string_view code);

}  // namespace sallyport::gateway
