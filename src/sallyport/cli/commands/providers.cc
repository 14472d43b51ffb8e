// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>

#include "sallyport/cli/command.h"
#include "sallyport/cli/locate_config.h"
#include "sallyport/config/nearest.h"
#include "sallyport/config/provider_reference.h"

namespace sallyport::cli {
namespace {

int List(Context& context) {
  auto output = context.output();
  if (context.json) {
    json::array all;
    for (const auto* row : signin::KnownProviders()) {
      all.push_back(json::object{{"id", row->id}, {"name", row->name}, {"kind", row->kind == signin::ProviderKind::kOidc ? "oidc" : "oauth"},
                                 {"console", row->console}});
    }
    output.Json(json::object{{"providers", std::move(all)}});
    return kFine;
  }
  Table table{{"id", "name", "kind"}, {}};
  for (const auto* row : signin::KnownProviders()) {
    table.rows.push_back({std::string(row->id), std::string(row->name), std::string(config::KindName(row->kind))});
  }
  output.Rows(table);
  output.Note("`sallyport providers show ID` says what to configure. Others: kind = \"oidc\" with an issuer, or kind = \"oauth\".");
  return kFine;
}

// The configuration is only asked for public_url: without one, or with a broken one, the address is a pattern.
std::string RedirectUri(Context& context, std::string_view id) {
  const auto config = LoadForCommand(context);
  return fmt::format("{}/api/auth/callback/{}", config ? (*config)->gateway.public_url.ToString() : "PUBLIC_URL", id);
}

int Show(Context& context, const std::string& id) {
  auto output = context.output();
  const auto* row = signin::FindKnownProvider(id);
  if (!row) {
    std::vector<std::string> ids;
    for (const auto* known : signin::KnownProviders()) ids.emplace_back(known->id);
    const auto nearest = config::Nearest(id, ids);
    return output.Error(kFailed, "unknown_provider", fmt::format("'{}' is not a known provider.", Printable(id)),
                        nearest ? fmt::format("did you mean '{}'?", *nearest) : "`sallyport providers` lists them");
  }
  const auto redirect_uri = RedirectUri(context, row->id);
  const auto example = config::ProviderExample(*row);
  const auto environment = fmt::format("{} and {}", signin::EnvironmentName(row->id, "ID"), signin::EnvironmentName(row->id, "SECRET"));
  if (context.json) {
    output.Json(json::object{{"id", row->id}, {"name", row->name}, {"kind", row->kind == signin::ProviderKind::kOidc ? "oidc" : "oauth"},
                             {"console", row->console}, {"redirect_uri", redirect_uri}, {"configuration", example},
                             {"confirmed_addresses", config::ConfirmedAddresses(*row)}, {"note", row->note}});
    return kFine;
  }
  output.Line(fmt::format("{}, {}", row->name, config::KindName(row->kind)));
  output.Line(fmt::format("  Credentials from     {}", row->console));
  output.Line(fmt::format("  Redirect URI there   {}", redirect_uri));
  output.Line(fmt::format("  Confirmed addresses  {}", config::ConfirmedAddresses(*row)));
  output.Line("\nIn the configuration:\n\n" + example);
  output.Line(fmt::format("What is left out of the section is read from the environment: {}{}.", environment,
                          row->issuer_example.empty() ? "" : ", " + signin::EnvironmentName(row->id, "ISSUER")));
  if (!row->note.empty()) output.Line(row->note);
  return kFine;
}

}  // namespace

void AddProviders(CLI::App& root, Context& context) {
  auto reference = std::make_shared<bool>(false);
  auto shown = std::make_shared<bool>(false);
  auto* providers = AddCommand(root, context, "providers", "List the services that people can sign in with, and what each needs",
                               "  sallyport providers\n  sallyport providers show google\n  sallyport providers show keycloak --json",
                               [reference, shown](Context& c) {
                                 if (*shown) return c.exit_code;   // CLI11 calls back the parent of a command too
                                 if (!*reference) return List(c);
                                 c.streams.out << config::ProvidersMarkdown();
                                 return static_cast<int>(kFine);
                               });
  providers->add_flag("--reference", *reference, "Print docs/providers.md instead")->group("");
  auto id = std::make_shared<std::string>();
  auto* show = AddCommand(*providers, context, "show", "Say what to configure for one, here and there",
                          "  sallyport providers show google\n  sallyport providers show apple --config /etc/sallyport/sallyport.toml",
                          [id, shown](Context& c) {
                            *shown = true;
                            return Show(c, *id);
                          });
  show->add_option("id", *id, "The provider's id")->required();
  AddConfigOptions(*show, context);
}

}  // namespace sallyport::cli
