// SPDX-License-Identifier: Apache-2.0
// GET /.well-known/jwks.json and the metadata documents, for APIs that verify the access JWT themselves (RFC 7517, RFC 8414).
#include "sallyport/gateway/access_keys.h"
#include "sallyport/gateway/handlers/handlers.h"

namespace sallyport::gateway {
namespace {

Answer Cacheable(Answer answer) {
  // No longer than a new key is published before it signs (AccessKeys::kPublishLead).
  answer.WithHeader("Cache-Control", "public, max-age=60");
  answer.WithHeader("Access-Control-Allow-Origin", "*");   // public keys; no credentials are involved
  return answer;
}

}  // namespace

Task<Answer> HandleJwks(AuthRequest& request) {
  Answer answer = Answer::JsonText(200, request.services.access_keys.jwks_json());
  answer.content_type = "application/jwk-set+json";
  co_return Cacheable(std::move(answer));
}

Task<Answer> HandleMetadata(AuthRequest& request) {
  const std::string issuer = request.services.config.gateway.public_url.ToString();
  json::object body{{"issuer", issuer},
                    {"jwks_uri", request.Absolute("/.well-known/jwks.json")},
                    {"response_types_supported", json::array{}},
                    {"subject_types_supported", json::array{"public"}},
                    {"id_token_signing_alg_values_supported", json::array{"ES256"}}};
  co_return Cacheable(Answer::Json(200, body));
}

}  // namespace sallyport::gateway
