// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/token_inspection.h"

#include <memory>

#include "sallyport/cli/command.h"
#include "sallyport/cli/locate_config.h"
#include "sallyport/cli/run_operation.h"

namespace sallyport::cli {
namespace {

// The public keys of the store, when it can be asked.
std::optional<jose::JwkSet> SigningKeys(const std::shared_ptr<const config::Config>& config) {
  const auto answer = AskOperation(config, "key.list", {});
  if (!answer || !answer->contains("result")) return std::nullopt;
  json::array keys;
  for (const auto& item : answer->at("result").as_object().at("keys").as_array()) {
    if (const auto* jwk = item.as_object().if_contains("jwk")) keys.push_back(*jwk);
  }
  auto set = jose::JwkSet::FromJson({{"keys", std::move(keys)}});
  return set ? std::optional(*std::move(set)) : std::nullopt;
}

void Print(Output& output, const TokenInspection& inspection) {
  output.Line(inspection.what + ".");
  if (!inspection.header.empty()) output.Line("\nheader  " + Printable(json::serialize(inspection.header), 4000));
  if (!inspection.claims.empty()) output.Line("claims  " + Printable(json::serialize(inspection.claims), 16'000));
  for (const auto& time : inspection.times) output.Line("        " + time);
  output.Line((inspection.verified ? "\nVerified: " : "\nNot verified: ") + inspection.verdict + ".");
}

int Inspect(Context& context, std::string token) {
  auto output = context.output();
  if (token == "-" && !std::getline(context.streams.in, token)) {
    return output.Error(kUsage, "no_token", "Standard input has no token.");
  }
  // Without a configuration a token can still be read.
  const auto config = LoadForCommand(context);
  if (!config && (!context.config_path.empty() || !context.state_dir.empty())) return output.Problems(config.error());
  InspectionKeys keys;
  std::optional<jose::JwkSet> signing;
  if (config) {
    keys.config = config->get();
    if (std::count(token.begin(), token.end(), '.') == 2 && (signing = SigningKeys(*config))) keys.signing = &*signing;
  }
  const auto inspection = InspectToken(token, keys, SystemClock().Now());
  if (context.json) {
    json::array times(inspection.times.begin(), inspection.times.end());
    output.Json(json::object{{"kind", inspection.kind}, {"what", inspection.what}, {"header", inspection.header}, {"claims", inspection.claims},
                             {"times", std::move(times)}, {"verified", inspection.verified}, {"verdict", inspection.verdict}});
  } else {
    Print(output, inspection);
  }
  return inspection.kind == "unknown" ? kFailed : kFine;
}

}  // namespace

void AddToken(CLI::App& root, Context& context) {
  auto* group = AddGroup(root, "token", "Tokens and cookies, for debugging", "  sallyport token inspect eyJhbGciOi…");
  auto token = std::make_shared<std::string>();
  auto* inspect = AddCommand(*group, context, "inspect", "Say what a token or cookie is, what is in it, and whether it is genuine",
                             "  sallyport token inspect eyJhbGciOi…\n  pbpaste | sallyport token inspect -     # keeps it out of the shell's history",
                             [token](Context& c) { return Inspect(c, *token); });
  inspect->add_option("token", *token, "The token, a cookie's value, or - for standard input")->required();
  AddConfigOptions(*inspect, context);
}

}  // namespace sallyport::cli
