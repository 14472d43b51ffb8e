// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/validate.h"

#include <fmt/format.h>

#include <algorithm>

namespace sallyport::config {
namespace {

// WIRE.md §1: an application can open the session cookie only with all of the set; a part of it is a mistake.
void CheckCompatSet(Section& compat, const Config& config) {
  const auto& session = config.session;
  const bool jwt = session.strategy == session::Strategy::kJwt;
  const bool secret = compat.Has("secret");
  const bool off = session.compat == session::NextAuthCompat::kOff;
  if (config.gateway.forward_session_cookie) {
    if (!jwt) compat.Report("forward_session_cookie", "needs session.strategy = \"jwt\"", "an opaque cookie says nothing to the application");
    if (!secret) compat.Report("forward_session_cookie", "needs compat.secret", "the application's own next-auth secret, so that it can decrypt the cookie");
    if (off) compat.Report("forward_session_cookie", "needs compat.next_auth = \"v4\" or \"v5\"", "the version that the application uses");
  }
  if (compat.Has("adopt_until")) {
    if (!jwt) compat.Report("adopt_until", "needs session.strategy = \"jwt\"", "the cookies that next-auth made are such tokens");
    if (!secret) compat.Report("adopt_until", "needs compat.secret", "the secret that those cookies were made with");
    if (off) compat.Report("adopt_until", "needs compat.next_auth = \"v4\" or \"v5\"", "the version that made them");
  }
  if (secret && off) compat.Report("secret", "is of no use with next_auth = \"off\"", "remove one of them");
}

void CheckBearers(std::vector<Section>& sections, const Config& config) {
  const auto& upstreams = config.gateway.upstreams;
  std::vector<std::string> apis;
  for (const auto& upstream : upstreams) {
    if (upstream.kind == gateway::UpstreamKind::kApi) apis.push_back(upstream.net.name);
  }
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    const auto& name = upstreams[i].bearer_for;
    if (name.empty() || upstreams[i].kind == gateway::UpstreamKind::kApi) continue;
    if (std::find(apis.begin(), apis.end(), name) == apis.end()) {
      sections[i].Report("bearer_for", fmt::format("no upstream of kind \"api\" is called '{}'", name), NearestHint(name, apis));
    }
  }
  for (std::size_t i = 0; i < upstreams.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (upstreams[i].audience != upstreams[j].audience) continue;
      sections[i].Report(sections[i].Has("audience") ? "audience" : "",
                         fmt::format("has the audience of upstream.{}: each could use the other's tokens", upstreams[j].net.name),
                         "give each an audience of its own");
    }
  }
}

void CheckExternal(std::vector<Section>& sections, const Config& config) {
  for (std::size_t i = 0; i < config.gateway.upstreams.size(); ++i) {
    if (config.gateway.upstreams[i].external && config.gateway.forward_auth.empty()) {
      sections[i].Report("external", "needs [forward_auth]: nothing would ever ask about it", "add [forward_auth], or a url instead");
    }
  }
}

void Warn(Config& config) {
  const auto& gateway = config.gateway;
  const auto& signin = config.signin;
  if (!signin.password.enabled && !signin.backend.enabled && !signin.email_sign_in.enabled && signin.providers.empty()) {
    config.warnings.push_back(
        "No sign-in method is on: nobody can sign in. Add [signin.password], [signin.backend] or [signin.provider.NAME], or sign_in = true to "
        "[signin.email].");
  }
  if (gateway.public_url.secure() && gateway.trusted_proxies.empty()) {
    config.warnings.push_back(
        "public_url is https://, which a proxy in front has to provide: list it in trusted_proxies, else all clients share its address.");
  }
}

}  // namespace

void Validate(NamedSections sections, Config& config) {
  CheckCompatSet(sections.compat, config);
  CheckBearers(sections.upstreams, config);
  CheckExternal(sections.upstreams, config);
  if (sections.upstreams.empty()) {
    sections.top.Report("upstream", "is required: there is nothing to be a gateway for", "add [upstream.web] with url = \"http://127.0.0.1:3000\"");
  } else if (config.gateway.routes.empty()) {
    sections.top.Report("route", "is required: no request would go anywhere",
                        "add [[route]] with path = \"/*\" and upstream = \"" + config.gateway.upstreams.front().net.name + "\"");
  }
  Warn(config);
}

}  // namespace sallyport::config
