// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "sallyport/gateway/forward_auth/described_request.h"
#include "sallyport/gateway/handlers/handlers.h"

namespace sallyport::gateway {
namespace {

constexpr auto kGet = http::Method::kGet;
constexpr auto kPost = http::Method::kPost;
constexpr auto kDelete = http::Method::kDelete;

constexpr std::array kEndpoints = {
    Endpoint{kGet, "/api/auth/session", HandleGetSession},
    Endpoint{kPost, "/api/auth/session", HandlePostSession},
    Endpoint{kGet, "/api/auth/csrf", HandleCsrf},
    Endpoint{kGet, "/api/auth/providers", HandleProviders},
    Endpoint{kGet, "/api/auth/signin", HandleSignInPage},
    Endpoint{kGet, "/api/auth/signin/:", HandleSignInPage},
    Endpoint{kPost, "/api/auth/signin", HandlePostSignIn},
    Endpoint{kPost, "/api/auth/signin/:", HandlePostSignIn},
    Endpoint{kGet, "/api/auth/callback/:", HandleGetCallback},
    Endpoint{kPost, "/api/auth/callback/:", HandlePostCallback},
    Endpoint{kGet, "/api/auth/signout", HandleSignOutPage},
    Endpoint{kPost, "/api/auth/signout", HandlePostSignOut},
    Endpoint{kGet, "/api/auth/signout/callback", HandleSignedOutThere},
    Endpoint{kGet, "/api/auth/error", HandleErrorPage},
    Endpoint{kGet, "/api/auth/verify-request", HandleVerifyRequestPage},
    Endpoint{kPost, "/api/auth/_log", HandleClientLog},

    Endpoint{kGet, "/api/auth/me", HandleMe},
    Endpoint{kGet, "/api/auth/start/:", HandleStart},
    Endpoint{kPost, "/api/auth/backchannel-logout/:", HandleBackchannelLogout},
    Endpoint{kGet, "/api/auth/sessions", HandleListSessions},
    Endpoint{kDelete, "/api/auth/sessions", HandleDeleteSessions},
    Endpoint{kDelete, "/api/auth/sessions/:", HandleDeleteSession},
    Endpoint{kPost, "/api/auth/sessions/end", HandleEndSessionsForm},
    Endpoint{kGet, "/api/auth/register", HandleRegisterPage},
    Endpoint{kPost, "/api/auth/register", HandlePostRegister},
    Endpoint{kGet, "/api/auth/email/verify", HandleVerifyEmailPage},
    Endpoint{kPost, "/api/auth/email/verify", HandlePostVerifyEmail},
    Endpoint{kGet, "/api/auth/email/change", HandleChangeEmailPage},
    Endpoint{kPost, "/api/auth/email/change", HandlePostChangeEmail},
    Endpoint{kPost, "/api/auth/password", HandlePostPassword},
    Endpoint{kGet, "/api/auth/password/reset", HandleResetPage},
    Endpoint{kPost, "/api/auth/password/reset", HandlePostReset},
    Endpoint{kGet, "/api/auth/account", HandleAccountPage},
    Endpoint{kPost, "/api/auth/account/disconnect", HandleDisconnect},
    Endpoint{kGet, kVerifyPath, HandleVerify},
    Endpoint{kGet, "/api/auth/dev/mailbox", HandleMailbox},
    Endpoint{kGet, "/api/auth/style.css", HandleStyleSheet},

    Endpoint{kGet, "/.well-known/jwks.json", HandleJwks},
    Endpoint{kGet, "/.well-known/openid-configuration", HandleMetadata},
    Endpoint{kGet, "/.well-known/oauth-authorization-server", HandleMetadata},
};

}  // namespace

std::span<const Endpoint> EndpointTable() { return kEndpoints; }

}  // namespace sallyport::gateway
