// SPDX-License-Identifier: Apache-2.0
// A whole, valid configuration. Made only by config/load.h (TOML and environment) and config/dev_config.h; immutable.
#pragma once

#include <string>
#include <vector>

#include "sallyport/base/secret.h"
#include "sallyport/gateway/options.h"
#include "sallyport/net/options.h"
#include "sallyport/session/options.h"
#include "sallyport/signin/options.h"
#include "sallyport/store/options.h"

namespace sallyport::config {

struct Config {
  std::string source;                  // file name, or "sallyport dev"
  std::vector<Secret> secrets;         // first seals, all open
  std::string sqlite_path;
  store::RetentionOptions retention;
  net::OutboundOptions outbound;
  std::size_t workers = 1;             // resolved: never 0
  net::ServerOptions server;
  session::SessionOptions session;
  signin::SigninOptions signin;
  gateway::GatewayOptions gateway;
  Duration drain_limit{30'000};
  std::vector<std::string> assumptions;  // sentences that `dev` prints: what was decided without being asked
  std::vector<std::string> warnings;     // weakenings and oddities: allowed, but said by `check-config` and at start
};

}  // namespace sallyport::config
