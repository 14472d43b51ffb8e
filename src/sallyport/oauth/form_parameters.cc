// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/form_parameters.h"

namespace sallyport::oauth {

std::string EncodeForm(std::span<const http::Parameter> parameters) {
  http::QueryBuilder builder;
  for (const http::Parameter& parameter : parameters) builder.Add(parameter.name, parameter.value);
  return builder.str();
}

std::string WithQuery(std::string_view endpoint, std::span<const http::Parameter> parameters) {
  std::string url(endpoint.substr(0, endpoint.find('#')));  // RFC 6749 §3.1: endpoints have no fragment
  if (parameters.empty()) return url;
  const auto question = url.find('?');
  if (question == std::string::npos) url += '?';
  else if (question + 1 != url.size() && !url.ends_with('&')) url += '&';
  return url + EncodeForm(parameters);
}

}  // namespace sallyport::oauth
