// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/identity_header.h"

#include <gtest/gtest.h>

namespace sallyport::http {
namespace {

TEST(IdentityHeader, S22_EverySpellingIsCovered) {
  for (const std::string_view name :
       {"X-Auth-Subject", "x_auth_subject", "X-AUTH_EMAIL", "x-auth-Groups", "X_Auth-Session", "X.Auth.Subject", "X-Auth-Csrf", "X-Auth-Request-User",
        "X-Auth-Return-Redirect", "X-Forwarded-For", "X_Forwarded_For", "x-forwarded-user", "X-Forwarded-Email", "X-Forwarded-Anything", "Forwarded", "FORWARDED",
        "X-Real-IP", "X_Real_IP", "Remote-User", "REMOTE_USER", "Remote-Groups", "Remote_Addr", "X-Remote-User", "X-Original-URL", "X-Rewrite-URL",
        "x-middleware-subrequest", "X_Middleware_Subrequest", "x-middleware-rewrite", "x-middleware_prefetch", "X-Authenticated-User", "X-WEBAUTH-USER", "Cf-Access-Jwt-Assertion",
        "CF_Access_Authenticated_User_Email", "X-Amzn-Oidc-Identity", "X-Goog-Authenticated-User-Email", "X-MS-CLIENT-PRINCIPAL", "X-MS-CLIENT-PRINCIPAL-NAME",
        "Tailscale-User-Login", "X-Pomerium-Jwt-Assertion", "X-authentik-username", "X-User", "X-User-Id", "x_user_email", "X-Userinfo", "OIDC_CLAIM_sub",
        "SSL_CLIENT_S_DN", "X-Client-Cert", "True-Client-IP", "X-Consumer-Username", "X-Auth-", "X-Ssl-Client-Verify", "x-invoke-path", "x-matched-path",
        "X-Auth-Subject-With-A-Very-Long-Tail-That-Exceeds-The-Buffer"})
    EXPECT_TRUE(IsIdentityHeader(name)) << name;
}

TEST(IdentityHeader, OrdinaryHeadersPass) {
  for (const std::string_view name :
       {"Host", "User-Agent", "Accept", "Accept-Language", "Cookie", "Referer", "Origin", "Content-Type", "Sec-Fetch-Site", "X-Requested-With", "X-CSRF-Token", "X-XSRF-TOKEN",
        "X-Request-Id", "x-nextjs-data", "x-middleware-prefetch", "X-Middleware-Prefetch", "Next-Action", "Next-Router-State-Tree", "RSC", "X-User-Agent", "TE", "Range",
        "Traceparent", "X-Author", "X-Forward", "Remote", "Remarks", "Oidc", "X", "", "X-Api-Key", "Authorization", "Transfer-Encoding", "X-HTTP-Method-Override",
        "X-Email-Template", "Cf-Ray", "Server-Timing", "Ssl", "x-token"})
    EXPECT_FALSE(IsIdentityHeader(name)) << name;
}

TEST(IdentityHeader, S22_AllDuplicatesAreMarked) {
  HeaderTable table;
  for (const std::string_view name : {"Host", "X-Auth-Subject", "X-Request-Id", "x_auth_subject", "X-Forwarded-For", "Accept", "X-Auth-Return-Redirect", "Forwarded"})
    table.Add({name, "v", IdentifyHeader(name)});
  FieldMask mask;
  MarkIdentityHeaders(table, mask);
  EXPECT_EQ(mask.to_ulong(), 0b11011010u);
}

}  // namespace
}  // namespace sallyport::http
