// SPDX-License-Identifier: Apache-2.0
// Sign-in against the existing API: POSTs the credentials as JSON to its login endpoint and takes the user and the API's own
// tokens from the answer.
//
// next-auth's control fields (csrfToken, callbackUrl, json, redirect) are never passed on. 2xx with a JSON object: signed in;
// 4xx: bad credentials, with its string member `code` if of safe characters; everything else: kBackendUnavailable.
// The user is found by the account ("backend", id); the e-mail never links (S33): one that belongs to somebody else is left
// out of the record. Throttled by address and identifier (S55); audited (S63). Thread-safe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/net/http_client.h"
#include "sallyport/signin/backend_answer.h"
#include "sallyport/signin/options.h"
#include "sallyport/signin/signed_in.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {
class Throttle;
}

namespace sallyport::signin {

struct BackendCredentials {
  std::vector<std::pair<std::string, std::string>> fields;   // the posted form, decoded, in order; control fields are ignored
};

class BackendMethod {
 public:
  // `http` must be usable from every worker (net::MakeHttpClientForWorkers).
  BackendMethod(BackendOptions options, net::HttpClient& http, store::Store& store, identity::Throttle& throttle,
                const Clock& clock, Random& random);

  // Errors: kBackendUnavailable and the store's.
  Task<SignInAnswer> SignIn(BackendCredentials credentials, RequestFacts facts);
  const BackendOptions& options() const { return options_; }

 private:
  struct Stored {
    model::User user;   // as stored now
    bool created = false, changed = false;
  };
  // kBadCredentials when disabled.
  Task<Stored> Store(BackendProfile profile);
  Task<model::User> Create(BackendProfile profile);
  Task<Stored> Update(model::User user, BackendProfile profile);
  Task<SignedIn> Accept(std::string body);

  const BackendOptions options_;
  net::HttpClient& http_;
  store::Store& store_;
  identity::Throttle& throttle_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace sallyport::signin
