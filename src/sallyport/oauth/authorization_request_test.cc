// SPDX-License-Identifier: Apache-2.0
#include "sallyport/oauth/authorization_request.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sallyport/oauth/errc.h"

namespace sallyport::oauth {
namespace {

AuthorizationRequest Sample() {
  AuthorizationRequest request;
  request.provider = {{"response_type", "code"}, {"client_id", "app"}, {"scope", "openid email"}};
  request.redirect_uri = "https://a.example/api/auth/callback/op";
  request.state = "st";
  request.nonce = "no";
  request.code_challenge = "ch";
  return request;
}

TEST(AuthorizationRequest, S30_CarriesCodeFlowStateNonceAndS256) {
  const auto parameters = ToParameters(Sample());
  ASSERT_TRUE(parameters);
  EXPECT_EQ(WithQuery("https://op.example/auth", *parameters),
            "https://op.example/auth?response_type=code&client_id=app&scope=openid+email&redirect_uri="
            "https%3A%2F%2Fa.example%2Fapi%2Fauth%2Fcallback%2Fop&state=st&code_challenge=ch&code_challenge_method=S256&nonce=no");
}

TEST(AuthorizationRequest, S30_ThereIsNoneWithoutState) {
  auto request = Sample();
  request.state.clear();
  EXPECT_FALSE(ToParameters(request));
}

TEST(AuthorizationRequest, QueryOfTheEndpointStaysAndItsFragmentGoes) {
  const FormParameters one = {{"a", "b c"}};
  EXPECT_EQ(WithQuery("https://op.example/auth?tenant=1", one), "https://op.example/auth?tenant=1&a=b+c");
  EXPECT_EQ(WithQuery("https://op.example/auth?", one), "https://op.example/auth?a=b+c");
  EXPECT_EQ(WithQuery("https://op.example/auth#x", one), "https://op.example/auth?a=b+c");
  EXPECT_EQ(WithQuery("https://op.example/auth", {}), "https://op.example/auth");
}

TEST(AuthorizationRequest, CallerReplacesTheProvidersPrompt) {
  auto request = Sample();
  request.provider.push_back({"prompt", "consent"});
  request.caller = {{"prompt", "login"}};
  const auto parameters = ToParameters(request);
  ASSERT_TRUE(parameters);
  EXPECT_EQ(std::ranges::count(*parameters, "prompt", &http::Parameter::name), 1);
  EXPECT_NE(std::ranges::find(*parameters, http::Parameter{"prompt", "login"}), parameters->end());
}

TEST(AuthorizationRequest, S34_CallerCannotSetWhatIsOurs) {
  const auto plain = ToParameters(Sample()).value();
  for (const char* name : {"client_id", "redirect_uri", "response_type", "response_mode", "state", "nonce", "scope",
                           "code_challenge", "code_challenge_method", "request", "request_uri", "anything_else"}) {
    auto request = Sample();
    request.caller = {{name, "evil"}};
    EXPECT_EQ(ToParameters(request).value(), plain) << name;
    EXPECT_FALSE(MayCallerSet(name)) << name;
  }
}

TEST(AuthorizationRequest, S34_ProviderDescriptionCannotSetWhatTheTransactionSets) {
  for (const char* name : {"redirect_uri", "state", "nonce", "code_challenge", "code_challenge_method", "request", "request_uri"}) {
    auto request = Sample();
    request.provider.push_back({name, "x"});
    EXPECT_TRUE(ToParameters(request).error().Is(Errc::kReservedParameter)) << name;
  }
}

}  // namespace
}  // namespace sallyport::oauth
