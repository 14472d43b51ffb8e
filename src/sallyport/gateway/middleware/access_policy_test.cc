// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/access_policy.h"

#include <gtest/gtest.h>

namespace sallyport::gateway {
namespace {

Route RouteWith(Access access, std::vector<std::string> groups = {},
                std::map<std::string, std::vector<std::string>> claims = {}) {
  Route route;
  route.access = access;
  route.groups = std::move(groups);
  route.required_claims = std::move(claims);
  return route;
}

TEST(AccessPolicy, SessionRouteWithoutSessionAsksForSignIn) {
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession), nullptr), AccessVerdict::kLoginRequired);
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kOptional), nullptr), AccessVerdict::kAllowed);
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kPublic), nullptr), AccessVerdict::kAllowed);
}

TEST(AccessPolicy, AnyOfTheGroupsIsEnough) {
  session::SessionData session;
  session.groups = {"editors", "staff"};
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession, {"admins", "staff"}), &session), AccessVerdict::kAllowed);
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession, {"admins"}), &session), AccessVerdict::kForbidden);
}

TEST(AccessPolicy, GroupsOnAnOptionalRouteStillNeedASession) {
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kOptional, {"admins"}), nullptr), AccessVerdict::kLoginRequired);
}

TEST(AccessPolicy, EveryClaimMustHoldOneOfItsValues) {
  session::SessionData session;
  session.claims = json::object{{"plan", "pro"}, {"regions", json::array{"eu", "us"}}, {"beta", true}};
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession, {}, {{"plan", {"pro", "team"}}, {"regions", {"us"}}, {"beta", {"true"}}}), &session),
            AccessVerdict::kAllowed);
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession, {}, {{"plan", {"free"}}}), &session), AccessVerdict::kForbidden);
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession, {}, {{"missing", {"x"}}}), &session), AccessVerdict::kForbidden);
}

TEST(AccessPolicy, S60_UnknownKindOfClaimValueDenies) {
  session::SessionData session;
  session.claims = json::object{{"plan", json::object{{"name", "pro"}}}};
  EXPECT_EQ(JudgeAccess(RouteWith(Access::kSession, {}, {{"plan", {"pro"}}}), &session), AccessVerdict::kForbidden);
}

}  // namespace
}  // namespace sallyport::gateway
