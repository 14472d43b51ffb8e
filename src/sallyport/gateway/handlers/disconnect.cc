// SPDX-License-Identifier: Apache-2.0
// POST /api/auth/account/disconnect: takes an account at a provider from the person, but never their last way in.
#include "sallyport/gateway/audit.h"
#include "sallyport/gateway/handlers/flow_answer.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/providers.h"
#include "sallyport/gateway/handlers/wire_answer.h"
#include "sallyport/gateway/middleware/own_answer.h"
#include "sallyport/http/query.h"
#include "sallyport/signin/oauth/oauth_method.h"

namespace sallyport::gateway {
namespace {

constexpr Duration kRecently = std::chrono::minutes(10);
constexpr std::string_view kAccountPage = "/api/auth/account";

struct Refusal {
  std::uint16_t status;
  std::string_view code, title, text;
};
constexpr Refusal kNotRecent{403, "reauthentication_required", "Sign in again first",
                             "This takes away a way to sign in, so it needs a sign-in within the last ten minutes."};
constexpr Refusal kLastWayIn{409, "last_way_in", "This is your only way to sign in",
                             "Set a password or connect another account first; then this one can go."};
constexpr Refusal kNotConnected{404, "not_found", "This account is not connected", "Nothing was changed."};

Answer RefusalAnswer(const AuthRequest& request, bool wants_page, const Refusal& refusal) {
  if (!wants_page) return Answer::Problem(refusal.status, refusal.code, refusal.title, refusal.text);
  MessagePage page{std::string(refusal.title), std::string(refusal.text), "Back to your account", std::string(kAccountPage), true};
  if (&refusal == &kNotRecent) {
    page.link_text = "Sign in again";
    page.link_href = SignInUrl(request, "callbackUrl=" + http::EncodeUriComponent(request.Absolute(kAccountPage)));
  }
  return Answer::Html(refusal.status, RenderMessagePage(request.services.config.gateway.pages, page));
}

// Whoever has got hold of the account there may have signed in with it here.
Task<void> EndSessionsThroughIt(AuthRequest& request, model::UserId user, model::SessionId current, std::string provider) {
  SALLYPORT_CO_TRY(const auto records, co_await request.services.sessions.ListForUser(user));
  for (const model::SessionRecord& record : records) {
    if (record.method != provider || record.id == current) continue;
    SALLYPORT_CO_CHECK(co_await request.services.sessions.End(record.id, user, model::EndReason::kRevokedByUser));
  }
  co_return Result<void>{};
}

}  // namespace

Task<Answer> HandleDisconnect(AuthRequest& request) {
  SALLYPORT_CO_TRY(const BodyFields* body, co_await request.Body());
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  const bool wants_page = WantsPage(request, *body);
  if (!resolution.session) co_return LoginRequiredAnswer(request.services.config.gateway, wants_page, kAccountPage, {});
  const session::SessionData& person = resolution.session->data;
  if (const auto verdict = request.CheckSessionCsrf(resolution.session); verdict != AuthRequest::CsrfVerdict::kPassed)
    co_return AccountCsrfRefusal(request, verdict);
  if (person.auth_time + kRecently < request.services.clock.Now()) co_return RefusalAnswer(request, wants_page, kNotRecent);

  store::UnlinkAccountCommand command;
  command.user_id = person.user_id;
  command.provider = body->Get("provider");
  command.provider_account_id = body->Get("account");
  command.password_counts = request.services.password != nullptr;
  command.email_counts = request.services.email != nullptr;
  for (const Provider& provider : ListProviders(request.services)) {
    if (provider.connection) command.usable_providers.push_back(provider.id);
  }
  const std::string provider = command.provider;
  SALLYPORT_CO_TRY(const auto outcome, co_await request.services.store.users().UnlinkAccount(std::move(command)));
  if (outcome == store::UnlinkOutcome::kNotFound) co_return RefusalAnswer(request, wants_page, kNotConnected);
  if (outcome == store::UnlinkOutcome::kLastWayIn) {
    Audit(request, "account.unlink", "denied", "last_way_in", {person.user_id, person.id});
    co_return RefusalAnswer(request, wants_page, kLastWayIn);
  }
  Audit(request, "account.unlink", "success", "", {person.user_id, person.id});
  SALLYPORT_CO_CHECK(co_await EndSessionsThroughIt(request, person.user_id, person.id, provider));
  if (!wants_page) co_return Answer::Empty(204);
  co_return Answer::Redirect(303, request.Absolute(std::string(kAccountPage) + "?notice=disconnected"));
}

}  // namespace sallyport::gateway
