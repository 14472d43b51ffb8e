// SPDX-License-Identifier: Apache-2.0
// Auth.js's names for the credentials of a provider: AUTH_<ID>_ID, AUTH_<ID>_SECRET, AUTH_<ID>_ISSUER, with the id in
// upper case and _ for -. An empty variable is as good as none.
#pragma once

#include "sallyport/config/load.h"
#include "sallyport/signin/providers/options.h"

namespace sallyport::config {

// What the file says already.
struct InFile {
  bool client_id = false, client_secret = false, issuer = false;
};

// And what follows from all credentials together: settings.client_id, settings.secret_is_ready.
void AddFromEnvironment(const Environment& environment, InFile in_file, signin::ProviderSettings& settings,
                        signin::ProviderCredentials& credentials);

}  // namespace sallyport::config
