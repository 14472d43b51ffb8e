// SPDX-License-Identifier: Apache-2.0
// What every sign-in method answers with. Begin the session from it (gateway/handlers/begin_session.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/model/session_record.h"
#include "sallyport/model/user.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {

// Who is asking, for throttling and the audit log.
struct RequestFacts {
  std::string ip;               // of the client, text; after trusted proxies
  std::string user_agent;
  std::string request_id;
  bool known_device = false;    // the browser has signed in to this account before: a lock-out does not keep it out (S55)
  std::string accept_language = {};   // for the mails that the request causes
};

struct SignedIn {
  model::User user;
  std::string method;               // "password", "backend"
  std::vector<std::string> amr;     // {"pwd"}
  json::object claims;              // custom claims from the method
  json::object tokens;              // back end's own; for BeginSession::tokens
  model::AtProvider at_provider;    // when the method is a provider
  bool is_new_user = false;         // made by this sign-in: the app's page for newcomers comes first
  bool profile_changed = false;     // the method wrote the user anew: their other sessions must hear of it
};

// Either signed_in, or a refusal that the person sees. Trouble (store, back end, hashing queue) is the Task's error.
struct SignInAnswer {
  std::optional<SignedIn> signed_in;
  Errc refusal = Errc::kBadCredentials;   // kBadCredentials | kThrottled
  Duration retry_after{};                 // for kThrottled, > 0
  std::string code;                       // kBadCredentials of a back end: its own stable code, [A-Za-z0-9_.-]{1,64}; or empty

  bool ok() const { return signed_in.has_value(); }
};

}  // namespace sallyport::signin
