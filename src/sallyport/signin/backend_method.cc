// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_method.h"

#include <algorithm>
#include <array>

#include "sallyport/base/log.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/signin/audit.h"
#include "sallyport/signin/backend_tokens.h"

namespace sallyport::signin {
namespace {

constexpr std::string_view kProvider = "backend";
// next-auth's, and never the back end's business.
constexpr std::array<std::string_view, 4> kControlFields = {"csrfToken", "callbackUrl", "json", "redirect"};

// `email` and `username` are one field to the front end, whichever of the two is mapped.
std::string TheirName(const std::map<std::string, std::string>& fields, const std::string& name) {
  if (const auto mapped = fields.find(name); mapped != fields.end()) return mapped->second;
  const auto* other = name == "username" ? "email" : name == "email" ? "username" : nullptr;
  if (other) {
    if (const auto mapped = fields.find(other); mapped != fields.end()) return mapped->second;
  }
  return name;
}

std::string BodyFor(const BackendOptions& options, const BackendCredentials& credentials) {
  json::object body;
  for (const auto& [name, value] : credentials.fields) {
    if (std::ranges::find(kControlFields, name) == kControlFields.end()) body.emplace(TheirName(options.fields, name), value);
  }
  return json::serialize(body);
}

// What limits count by (S55). A form without a name is one account.
std::string IdentifierOf(const BackendCredentials& credentials) {
  for (const auto& [name, value] : credentials.fields) {
    if (name != "email" && name != "username") continue;
    return identity::CanonicalEmail(value).value_or(value.substr(0, identity::kMaxEmailBytes));
  }
  return {};
}

net::OutboundRequest RequestFor(const BackendOptions& options, const BackendCredentials& credentials, const RequestFacts& facts) {
  net::OutboundRequest request;
  request.method = "POST";
  request.url = options.url;
  request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  if (!facts.ip.empty()) request.headers.emplace_back("X-Forwarded-For", facts.ip);
  if (!facts.request_id.empty()) request.headers.emplace_back("X-Request-Id", facts.request_id);
  request.body = BodyFor(options, credentials);
  request.timeout = options.timeout;
  request.allow_private = true;  // the operator named it
  return request;
}

}  // namespace

BackendMethod::BackendMethod(BackendOptions options, net::HttpClient& http, store::Store& store, identity::Throttle& throttle,
                             const Clock& clock, Random& random)
    : options_(std::move(options)), http_(http), store_(store), throttle_(throttle), clock_(clock), random_(random) {}

Task<SignInAnswer> BackendMethod::SignIn(BackendCredentials credentials, RequestFacts facts) {
  const identity::Attempt attempt{IdentifierOf(credentials), facts.ip, facts.known_device};
  const auto identifier = identity::CanonicalEmail(attempt.account).value_or("");
  const auto audit = [&](std::string_view outcome, std::string reason, std::string user_id) {
    Audit(store_.audit(), clock_, facts, {"signin", outcome, std::move(reason), std::move(user_id), identifier, "user", "backend"});
  };
  SignInAnswer answer;
  if (const auto verdict = throttle_.Admit(attempt); !verdict.admitted) {
    answer.refusal = Errc::kThrottled;
    answer.retry_after = verdict.retry_after;
    audit("denied", "throttled_" + std::string(verdict.reason), {});
    co_return answer;
  }

  auto response = co_await http_.Send(RequestFor(options_, credentials, facts));
  const long status = response ? response->status : 0;
  if (status >= 400 && status < 500) {
    throttle_.Failed(attempt);
    if (status == 404 || status == 405 || status == 415) log::Warn("the login endpoint of the back end refuses the request itself", {{"status", status}});
    answer.code = CodeFromAnswer(response->body);
    audit("failure", "bad_credentials", {});
    co_return answer;
  }
  if (status < 200 || status >= 300) {
    throttle_.Withdraw(attempt);
    audit("failure", "backend_unavailable", {});
    co_return Fail(Errc::kBackendUnavailable, response ? "status " + std::to_string(status) : response.error().ToLogString());
  }

  auto signed_in = co_await Accept(std::move(response->body));
  if (!signed_in && signed_in.error().Is(Errc::kBadCredentials)) {
    throttle_.Failed(attempt);
    audit("failure", "disabled", signed_in.error().detail);
    co_return answer;
  }
  if (!signed_in) {
    throttle_.Withdraw(attempt);
    audit("failure", signed_in.error().code.message(), {});
    co_return std::unexpected(std::move(signed_in).error());
  }
  throttle_.Succeeded(attempt);
  audit("success", {}, signed_in->user.id);
  answer.signed_in = *std::move(signed_in);
  co_return answer;
}

Task<SignedIn> BackendMethod::Accept(std::string body) {
  const auto parsed = ParseJsonObject(body);
  if (!parsed) co_return Fail(Errc::kBackendUnavailable, "the login endpoint's answer is not a JSON object");
  auto profile = ProfileFromAnswer(options_, *parsed);
  if (!profile) co_return Fail(Errc::kBackendUnavailable, "no user id at '" + options_.id_path + "' in the login endpoint's answer");
  SignedIn signed_in;
  signed_in.claims = profile->claims;
  if (auto tokens = TokensFromAnswer(options_, *parsed, clock_.Now())) signed_in.tokens = *std::move(tokens);
  SALLYPORT_CO_TRY(Stored stored, co_await Store(*std::move(profile)));
  signed_in.user = std::move(stored.user);
  signed_in.is_new_user = stored.created;
  signed_in.profile_changed = stored.changed;
  signed_in.method = "backend";
  signed_in.amr.emplace_back("pwd");
  co_return signed_in;
}

Task<BackendMethod::Stored> BackendMethod::Store(BackendProfile profile) {
  SALLYPORT_CO_TRY(auto found, co_await store_.users().FindByAccount(std::string(kProvider), profile.id));
  if (!found) {
    auto created = co_await Create(profile);
    if (created) co_return Stored{*std::move(created), true, false};
    if (!created.error().Is(store::Errc::kConflict)) co_return std::unexpected(std::move(created).error());
    // Two first sign-ins of one person at the same time.
    SALLYPORT_CO_TRY(found, co_await store_.users().FindByAccount(std::string(kProvider), profile.id));
    if (!found) co_return std::unexpected(std::move(created).error());
  }
  if (found->disabled) co_return Fail(Errc::kBadCredentials, found->id);
  co_return co_await Update(*std::move(found), std::move(profile));
}

// The identity is (provider, id). An address that is another user's is left out: it never links (S33).
Task<model::User> BackendMethod::Create(BackendProfile profile) {
  model::User user;
  user.id = random_.UuidV4();
  user.name = profile.name;
  user.email = profile.email;
  user.image = profile.image;
  user.groups = profile.groups.value_or(std::vector<std::string>{});
  user.created_at = clock_.Now();
  const model::Account account{user.id, "credentials", std::string(kProvider), profile.id};
  auto created = co_await store_.users().CreateWithAccount(user, account);
  if (!created && created.error().Is(store::Errc::kConflict) && user.email) {
    log::Warn("an address from the back end belongs to another user and is left out", {{"user", user.id}});
    user.email.reset();
    created = co_await store_.users().CreateWithAccount(user, account);
  }
  if (!created) co_return std::unexpected(std::move(created).error());
  co_return user;
}

Task<BackendMethod::Stored> BackendMethod::Update(model::User user, BackendProfile profile) {
  const auto before = user;
  if (profile.name) user.name = profile.name;
  if (profile.image) user.image = profile.image;
  if (profile.groups) user.groups = *profile.groups;
  if (profile.email && profile.email != user.email) {
    user.email = profile.email;
    user.email_verified.reset();
  }
  if (user == before) co_return Stored{std::move(user), false, false};
  auto updated = co_await store_.users().UpdateProfile(user);
  if (!updated && updated.error().Is(store::Errc::kConflict)) {
    log::Warn("an address from the back end belongs to another user and is left out", {{"user", user.id}});
    user.email = before.email;
    user.email_verified = before.email_verified;
    updated = co_await store_.users().UpdateProfile(user);
  }
  if (!updated) co_return std::unexpected(std::move(updated).error());
  co_return Stored{std::move(user), false, true};
}

}  // namespace sallyport::signin
