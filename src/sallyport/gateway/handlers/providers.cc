// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/providers.
#include "sallyport/gateway/handlers/providers.h"

#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/signin/oauth/oauth_method.h"

namespace sallyport::gateway {

std::vector<Provider> ListProviders(const Services& services) {
  const signin::SigninOptions& options = services.config.signin;
  std::vector<Provider> providers;
  if (services.oauth) {
    for (const auto& connection : services.oauth->providers()->all())
      providers.push_back({connection->spec().id, connection->spec().name, ProviderKind::kIdentityProvider, false, connection.get()});
  }
  if (services.password) providers.push_back({options.password_id, "Credentials", ProviderKind::kPassword});
  if (services.backend) providers.push_back({options.backend_id, services.password ? "Backend" : "Credentials", ProviderKind::kBackend});
  if (services.email) {
    providers.push_back({options.email_sign_in.id, "Email", ProviderKind::kEmail});
    for (const std::string& alias : options.email_sign_in.aliases) providers.push_back({alias, "Email", ProviderKind::kEmail, true});
  }
  return providers;
}

std::string_view TypeOf(const Services& services, const Provider& provider) {
  switch (provider.kind) {
    case ProviderKind::kEmail: return "email";
    case ProviderKind::kIdentityProvider: {
      const bool oidc = provider.connection->spec().kind == signin::ProviderKind::kOidc;
      return oidc && services.config.session.compat != session::NextAuthCompat::kV4 ? "oidc" : "oauth";
    }
    case ProviderKind::kPassword:
    case ProviderKind::kBackend: break;
  }
  return "credentials";
}

std::optional<Provider> FindProvider(const Services& services, std::string_view id) {
  for (Provider& provider : ListProviders(services)) {
    if (provider.id == id) return std::move(provider);
  }
  return std::nullopt;
}

std::string FormActions(const Services& services) {
  std::string out;
  for (const Provider& provider : ListProviders(services)) {
    const std::string origin = provider.connection ? provider.connection->KnownAuthorizationOrigin() : std::string();
    if (!origin.empty()) out.append(out.empty() ? "" : " ").append(origin);
  }
  return out;
}

Task<Answer> HandleProviders(AuthRequest& request) {
  json::object body;
  for (const Provider& provider : ListProviders(request.services)) {
    body[provider.id] = json::object{{"id", provider.id},
                                     {"name", provider.name},
                                     {"type", TypeOf(request.services, provider)},
                                     {"signinUrl", request.Absolute("/api/auth/signin/" + provider.id)},
                                     {"callbackUrl", request.Absolute("/api/auth/callback/" + provider.id)}};
  }
  co_return Answer::Json(200, body);
}

}  // namespace sallyport::gateway
