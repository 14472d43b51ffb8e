// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/authorization_parameters.h"

namespace sallyport::signin {

std::vector<Parameter> StaticAuthorizationParameters(const ProviderSpec& spec, std::string_view client_id) {
  const auto& request = spec.authorization;
  std::vector<Parameter> out{{"response_type", request.response_type}, {request.client_id_parameter, std::string(client_id)}};
  if (!request.scope.empty()) out.push_back({"scope", request.scope});
  if (!request.response_mode.empty()) out.push_back({"response_mode", request.response_mode});
  out.insert(out.end(), request.parameters.begin(), request.parameters.end());
  return out;
}

}  // namespace sallyport::signin
