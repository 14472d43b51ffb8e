// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "sallyport/config/sections.h"
#include "sallyport/http/target.h"

namespace sallyport::config {
namespace {

using gateway::Access;
using gateway::Identity;

std::string_view BaseOf(std::string_view path) {
  if (path.ends_with("/*")) path.remove_suffix(2);
  return path;
}

// The spelling that requests are judged by, and the only one that reaches the resource (S20).
bool IsCanonical(std::string_view base) {
  if (base.empty()) return true;
  std::string scratch;
  const auto target = http::CanonicalTarget(base, http::Method::kGet, scratch);
  return target && !target->has_query && target->path == base && http::HasOneSpelling(base);
}

bool IsReserved(std::string_view base) {
  return base == "/api/auth" || base.starts_with("/api/auth/") || base == "/.well-known/jwks.json" ||
         base == "/.well-known/openid-configuration" || base == "/.well-known/oauth-authorization-server";
}

void ReadRoutePath(Section& section, const Config& out, gateway::Route& route) {
  section.Require("path", "e.g. path = \"/api/*\"");
  if (!section.Read("path", route.path)) return;
  const auto base = BaseOf(route.path);
  if (base.find('*') != std::string_view::npos) {
    return section.Report("path", "may have a \"*\" only as its end \"/*\"", "write \"/api/*\" for /api and everything below");
  }
  if ((!base.empty() && !base.starts_with('/')) || route.path.empty()) {
    return section.Report("path", "must begin with \"/\"");
  }
  if ((base.ends_with('/') && route.path.ends_with('*')) || !IsCanonical(base)) {
    return section.Report("path", "has more than one spelling",
                          "write it as requests are judged: no \"//\", no dots, no ';', escapes only for non-ASCII");
  }
  if (IsReserved(base)) {
    return section.Report("path", "is never reached: Sallyport answers it itself", "/api/auth and the key set are Sallyport's own");
  }
  const auto same = std::any_of(out.gateway.routes.begin(), out.gateway.routes.end(),
                                [&](const auto& other) { return other.path == route.path; });
  if (same) section.Report("path", fmt::format("'{}' has a route already; this one is never reached", section.Find("path")->shown), "remove one");
}

void ReadUpstreamName(Section& section, const Config& out, gateway::Route& route) {
  section.Require("upstream", "the name of an [upstream.NAME]");
  std::string name;
  if (!section.Read("upstream", name)) return;
  std::vector<std::string> names;
  for (const auto& upstream : out.gateway.upstreams) {
    if (upstream.net.name == name) {
      route.upstream = names.size();
      return;
    }
    names.push_back(upstream.net.name);
  }
  section.Report("upstream", fmt::format("no upstream is called '{}'", section.Find("upstream")->shown), NearestHint(name, names));
}

void ReadIdentity(Section& section, const Config& out, gateway::Route& route) {
  if (const auto* value = section.Find("identity"); value && value->text == "opaque") {
    return section.Report("identity", "\"opaque\" is not built yet", "use \"jwt\", \"backend\", \"provider\" or \"headers\"");
  }
  section.ReadChoice<Identity>("identity", route.identity,
                               {{"jwt", Identity::kJwt},
                                {"backend", Identity::kBackend},
                                {"provider", Identity::kProvider},
                                {"headers", Identity::kHeaders},
                                {"none", Identity::kNone}});
  const bool bearer = route.identity == Identity::kJwt || route.identity == Identity::kBackend || route.identity == Identity::kProvider;
  if (bearer && route.access == Access::kPublic) {
    section.Report("identity", "access = \"public\" looks up no session, so there is nobody to name",
                   "use access = \"optional\" or \"session\"");
  }
  if (bearer && route.pass_authorization) {
    section.Report("authorization", "\"pass\" and this identity both write Authorization", "keep one of them");
  }
  if (route.identity == Identity::kBackend && !out.signin.backend.enabled) {
    section.Report("identity", "\"backend\" needs the API's own tokens", "add [signin.backend], or use \"jwt\"");
  }
  if (route.identity == Identity::kProvider && out.signin.providers.empty()) {
    section.Report("identity", "\"provider\" needs an identity provider that people sign in at", "add [signin.provider.NAME], or use \"jwt\"");
  }
}

// Each provider's token is for an API of its own.
void ReadProviders(Section& section, Config& out, gateway::Route& route) {
  const bool attaches = route.identity == Identity::kProvider;
  if (!section.ReadList("providers", route.providers)) {
    if (attaches && out.signin.providers.size() > 1) {
      out.warnings.push_back(fmt::format("Route {}: the upstream gets access tokens of every provider; name those that it may have in `providers`.", route.path));
    }
    return;
  }
  if (!attaches) return section.Report("providers", "is for identity = \"provider\"");
  if (route.providers.empty()) return section.Report("providers", "names nobody", "leave it out for all of them");
  std::vector<std::string> known;
  for (const auto& provider : out.signin.providers) known.push_back(provider.spec.id);
  for (const std::string& name : route.providers) {
    if (std::ranges::find(known, name) == known.end()) section.Report("providers", fmt::format("no provider is called '{}'", name), NearestHint(name, known));
  }
}

void ReadConditions(Section& section, gateway::Route& route) {
  section.ReadList("groups", route.groups);
  if (const auto* claims = section.Find("claims")) {
    if (claims->kind != RawValue::Kind::kTable) {
      section.Report("claims", "must be a table of lists", "write claims = { plan = [\"pro\", \"team\"] }");
    }
    for (const auto& [name, values] : claims->members) {
      auto& accepted = route.required_claims[name];
      for (const auto& item : values.items) {
        if (item.kind == RawValue::Kind::kString) accepted.push_back(item.text);
      }
      if (values.kind != RawValue::Kind::kArray || accepted.empty() || accepted.size() != values.items.size()) {
        section.ReportAt(values.line, "claims." + name, "must be a list of strings that is not empty");
      }
    }
  }
  // Fail closed: a condition that only signed-in people can meet must not stand on a route that lets others pass.
  if (route.access != Access::kSession && (!route.groups.empty() || !route.required_claims.empty())) {
    section.Report("access", "groups and claims need access = \"session\"", "leave access out, or the conditions");
  }
}

}  // namespace

void ReadRoute(Section& section, Config& out) {
  gateway::Route route;
  ReadRoutePath(section, out, route);
  ReadUpstreamName(section, out, route);
  section.ReadChoice<Access>(
      "access", route.access,
      {{"session", Access::kSession}, {"optional", Access::kOptional}, {"public", Access::kPublic}});
  section.ReadChoice<bool>("authorization", route.pass_authorization, {{"drop", false}, {"pass", true}});
  ReadIdentity(section, out, route);
  ReadProviders(section, out, route);
  gateway::Csrf csrf{};
  if (section.ReadChoice<gateway::Csrf>(
          "csrf", csrf, {{"token", gateway::Csrf::kToken}, {"origin", gateway::Csrf::kOrigin}, {"off", gateway::Csrf::kOff}})) {
    route.csrf = csrf;
    if (csrf == gateway::Csrf::kOff) {
      out.warnings.push_back(
          fmt::format("Route {}: csrf is \"off\": other sites can post to it in a signed-in person's name.", route.path));
    }
  }
  if (section.Read("strip_prefix", route.strip_prefix) && route.strip_prefix && !route.path.ends_with("/*")) {
    section.Report("strip_prefix", "needs a path that ends in \"/*\"");
  }
  ReadConditions(section, route);
  section.ReadBytes("max_body", route.max_body, 1, std::uint64_t{1} << 50);
  section.ReadNumber("max_in_flight", route.max_in_flight, 0, 1'000'000);
  section.ReadNumber("requests_per_address_per_minute", route.requests_per_address_per_minute, 0, 10'000'000);
  out.gateway.routes.push_back(std::move(route));
}

}  // namespace sallyport::config
