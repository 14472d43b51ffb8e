// SPDX-License-Identifier: Apache-2.0
// The answers of identity providers: authorization responses, token answers, metadata, userinfo, ID and logout tokens. The
// first byte chooses the parser. Nothing that a fuzzer can make up is accepted as signed.
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/base/json.h"
#include "sallyport/oauth/authorization_response.h"
#include "sallyport/oauth/issuer.h"
#include "sallyport/oauth/logout_token.h"
#include "sallyport/oauth/provider_metadata.h"
#include "sallyport/oauth/pushed_authorization.h"
#include "sallyport/oauth/token_error.h"
#include "sallyport/oauth/token_response.h"
#include "sallyport/oauth/userinfo.h"

namespace oauth = sallyport::oauth;
namespace jose = sallyport::jose;

namespace {

constexpr std::string_view kJson = "application/json", kForm = "application/x-www-form-urlencoded";

void Response(std::string_view text) {
  const auto parameters = sallyport::http::ParseQuery(text);
  if (!parameters) return;
  const auto response = oauth::ReadAuthorizationResponse(*parameters);
  if (!response) return;
  FUZZ_EXPECT(!response->state.empty());
  FUZZ_EXPECT(response->code.empty() != response->error.empty());
  FUZZ_EXPECT(oauth::CheckResponseIssuer(*response, "https://op.example", true).has_value() == (response->iss == "https://op.example"));
}

void Tokens(std::string_view type, std::string_view text) {
  const auto tokens = oauth::ReadTokenResponse(200, type, text, true);
  if (!tokens) return;
  FUZZ_EXPECT(!tokens->access_token.empty());
  FUZZ_EXPECT(tokens->access_token.Reveal().find_first_of(std::string_view("\r\n\0 ", 4)) == std::string_view::npos);
  FUZZ_EXPECT(!tokens->expires_in || *tokens->expires_in >= 0);
}

void Metadata(std::string_view text) {
  const auto metadata = oauth::ReadProviderMetadata(text, {"https://op.example", false});
  if (!metadata) return;
  FUZZ_EXPECT(metadata->issuer.starts_with("https://op.example"));
  FUZZ_EXPECT(metadata->token_endpoint.size() > 8);
}

void Errors(std::string_view text) {
  for (const long status : {400L, 401L, 503L}) {
    const auto error = oauth::ErrorFromAnswer(status, kJson, text);
    for (const char c : error.detail) FUZZ_EXPECT(c >= 0x20 && c < 0x7f);
  }
  FUZZ_EXPECT(oauth::LogText(text).size() <= 256);
}

class FixedClock final : public sallyport::Clock {
 public:
  sallyport::Timestamp Now() const override { return sallyport::FromUnixSeconds(1'800'000'000); }
  sallyport::SteadyTime Steady() const override { return {}; }
};

void Signed(std::string_view text) {
  static const auto* const keys = [] {
    auto* const set = new jose::JwkSet;
    set->Add(jose::Jwk::FromPublic(sallyport::crypto::PrivateKey::Generate(sallyport::crypto::KeyType::kP256).Public(), "k"));
    return set;
  }();
  static const FixedClock clock;
  oauth::IdTokenPolicy policy;
  policy.issuer = "https://op.example";
  policy.client_id = "app";
  policy.algorithms = oauth::DefaultIdTokenAlgorithms();
  policy.nonce = "n";
  FUZZ_EXPECT(!oauth::VerifyIdToken(text, *keys, policy, clock));
  FUZZ_EXPECT(!oauth::VerifyLogoutToken(text, *keys, policy, clock));
  FUZZ_EXPECT(!oauth::ReadSignedUserInfo(text, *keys, policy, clock));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'r': Response(text); break;
    case 't': Tokens(kJson, text); break;
    case 'f': Tokens(kForm, text); break;
    case 'm': Metadata(text); break;
    case 'e': Errors(text); break;
    case 'u': static_cast<void>(oauth::ReadUserInfo(200, kJson, text)); break;
    case 'p': static_cast<void>(oauth::ReadPushedAuthorization(201, kJson, text)); break;
    case 'i': FUZZ_EXPECT(!oauth::IssuerMatches("https://a/{tenantid}/b", text) || text.size() == 48); break;
    case 's': Signed(text); break;
    default: break;
  }
  return 0;
}
