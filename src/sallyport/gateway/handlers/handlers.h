// SPDX-License-Identifier: Apache-2.0
// Every handler of our own endpoints; each lives in the file named after it. endpoint_table.cc says which path is whose.
#pragma once

#include "sallyport/gateway/handlers/endpoint.h"

namespace sallyport::gateway {

// next-auth's wire (WIRE.md §1).
Task<Answer> HandleCsrf(AuthRequest& request);                  // csrf.cc
Task<Answer> HandleProviders(AuthRequest& request);             // providers.cc
Task<Answer> HandleGetSession(AuthRequest& request);            // session.cc
Task<Answer> HandlePostSession(AuthRequest& request);
Task<Answer> HandleSignInPage(AuthRequest& request);            // signin.cc
Task<Answer> HandlePostSignIn(AuthRequest& request);
Task<Answer> HandleGetCallback(AuthRequest& request);           // callback.cc
Task<Answer> HandlePostCallback(AuthRequest& request);
Task<Answer> HandleSignOutPage(AuthRequest& request);           // signout.cc
Task<Answer> HandlePostSignOut(AuthRequest& request);
Task<Answer> HandleSignedOutThere(AuthRequest& request);
Task<Answer> HandleErrorPage(AuthRequest& request);             // error_page.cc
Task<Answer> HandleVerifyRequestPage(AuthRequest& request);     // verify_request.cc
Task<Answer> HandleClientLog(AuthRequest& request);             // client_log.cc

// Our own (WIRE.md §2).
Task<Answer> HandleMe(AuthRequest& request);                    // me.cc
Task<Answer> HandleStart(AuthRequest& request);                 // start.cc
Task<Answer> HandleBackchannelLogout(AuthRequest& request);     // backchannel_logout.cc
Task<Answer> HandleListSessions(AuthRequest& request);          // sessions.cc
Task<Answer> HandleDeleteSession(AuthRequest& request);
Task<Answer> HandleDeleteSessions(AuthRequest& request);
Task<Answer> HandleEndSessionsForm(AuthRequest& request);
Task<Answer> HandleRegisterPage(AuthRequest& request);          // register.cc
Task<Answer> HandlePostRegister(AuthRequest& request);
Task<Answer> HandleVerifyEmailPage(AuthRequest& request);       // email_verify.cc
Task<Answer> HandlePostVerifyEmail(AuthRequest& request);
Task<Answer> HandlePostPassword(AuthRequest& request);          // password.cc
Task<Answer> HandleResetPage(AuthRequest& request);             // password_reset.cc
Task<Answer> HandlePostReset(AuthRequest& request);
Task<Answer> HandleChangeEmailPage(AuthRequest& request);       // email_change.cc
Task<Answer> HandlePostChangeEmail(AuthRequest& request);
Task<Answer> HandleAccountPage(AuthRequest& request);           // account.cc
Task<Answer> HandleDisconnect(AuthRequest& request);            // disconnect.cc
Task<Answer> HandleVerify(AuthRequest& request);                // verify.cc
Task<Answer> HandleMailbox(AuthRequest& request);               // mailbox.cc
Task<Answer> HandleStyleSheet(AuthRequest& request);            // style_sheet.cc
Task<Answer> HandleJwks(AuthRequest& request);                  // well_known.cc
Task<Answer> HandleMetadata(AuthRequest& request);

}  // namespace sallyport::gateway
