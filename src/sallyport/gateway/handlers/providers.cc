// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/providers.
#include "sallyport/gateway/handlers/providers.h"

#include "sallyport/gateway/handlers/handlers.h"

namespace sallyport::gateway {

std::vector<Provider> ListProviders(const Services& services) {
  const signin::SigninOptions& options = services.config.signin;
  std::vector<Provider> providers;
  if (services.password) providers.push_back({options.password_id, "Credentials", false});
  if (services.backend) providers.push_back({options.backend_id, services.password ? "Backend" : "Credentials", true});
  return providers;
}

Task<Answer> HandleProviders(AuthRequest& request) {
  json::object body;
  for (const Provider& provider : ListProviders(request.services)) {
    body[provider.id] = json::object{{"id", provider.id},
                                     {"name", provider.name},
                                     {"type", "credentials"},
                                     {"signinUrl", request.Absolute("/api/auth/signin/" + provider.id)},
                                     {"callbackUrl", request.Absolute("/api/auth/callback/" + provider.id)}};
  }
  co_return Answer::Json(200, body);
}

}  // namespace sallyport::gateway
