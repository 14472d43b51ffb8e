// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sallyport/cli/command.h"
#include "sallyport/cli/run_server.h"
#include "sallyport/config/dev_config.h"
#include "sallyport/crypto/system_random.h"

namespace sallyport::cli {

void AddDev(CLI::App& root, Context& context) {
  auto options = std::make_shared<config::DevOptions>();
  auto* command = AddCommand(root, context, "dev", "Run the gateway in front of two servers on this machine; no file needed",
                             "  sallyport dev --web http://localhost:3000 --api http://localhost:4000\n"
                             "  sallyport dev --web :3000 --api :4000 --api-path /backend --strip-prefix",
                             [options](Context& c) {
                               crypto::SystemRandom random;
                               auto config = config::MakeDevConfig(*options, random);
                               if (!config) return c.output().Problems(config.error());
                               return RunServer(c, *std::move(config), "");
                             });
  // ":3000" is what people type.
  const auto with_host = [](std::string text) { return text.starts_with(':') ? "http://localhost" + text : text; };
  command->add_option("--web", options->web, "Your front end, e.g. http://localhost:3000")->required()->transform(with_host);
  command->add_option("--api", options->api, "Your API, e.g. http://localhost:4000")->transform(with_host);
  command->add_option("--api-path", options->api_path, "Requests below it go to the API")->capture_default_str();
  command->add_flag("--strip-prefix", options->strip_prefix, "The API sees /x for /api/x");
  command->add_option("--oidc", options->oidc, "NAME=ISSUER: also sign in at this OpenID Provider (client from AUTH_<NAME>_ID and AUTH_<NAME>_SECRET)");
  command->add_option("--listen", options->listen, "Where to listen")->capture_default_str();
  command->add_option("--public-url", options->public_url, "What the browser calls it (else http://localhost:PORT)");
  command->add_option("--state-dir", options->state_dir, "Store and secret")->capture_default_str();
}

}  // namespace sallyport::cli
