// SPDX-License-Identifier: Apache-2.0
// The configuration of `sallyport dev`: no file, safe defaults, everything below ./.sallyport/.
#pragma once

#include <string>
#include <vector>

#include "sallyport/base/random.h"
#include "sallyport/config/load.h"

namespace sallyport::config {

struct DevOptions {
  std::string web;                       // --web URL
  std::string api;                       // --api URL; may be empty
  std::string api_path = "/api";         // --api-path
  bool strip_prefix = false;             // --strip-prefix
  std::vector<std::string> oidc;         // --oidc NAME=ISSUER
  std::string listen = "127.0.0.1:8080"; // --listen
  std::string public_url;                // --public-url; default http://localhost:PORT
  std::string state_dir = ".sallyport";  // --state-dir
};

// Creates the state folder (0700) and the secret in it (0600) when they are not there yet. `environment` has the credentials of
// identity providers.
LoadResult MakeDevConfig(const DevOptions& options, Random& random, const Environment& environment = ProcessEnvironment());

}  // namespace sallyport::config
