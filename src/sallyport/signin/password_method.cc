// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/password_method.h"

#include "sallyport/base/log.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/identity/password_hasher.h"
#include "sallyport/identity/throttle.h"
#include "sallyport/signin/audit.h"

namespace sallyport::signin {
namespace {

const char* WhyRefused(const std::optional<store::UserWithPassword>& found, bool matches) {
  if (!found) return "unknown_user";
  if (!found->password_hash) return "no_password";
  if (!matches) return "bad_password";
  return "disabled";
}

// Never the sign-in's failure: the old hash is as good as it was.
Task<void> Rehash(store::Store& store, identity::PasswordHasher& hasher, model::UserId id, std::string former, Secret password) {
  SALLYPORT_CO_TRY(std::string hash, co_await hasher.Hash(std::move(password)));
  co_return co_await store.users().ReplacePasswordHash(std::move(id), std::move(former), std::move(hash));
}

}  // namespace

PasswordMethod::PasswordMethod(store::Store& store, identity::PasswordHasher& hasher, identity::Throttle& throttle,
                               const Clock& clock)
    : store_(store), hasher_(hasher), throttle_(throttle), clock_(clock) {}

Task<SignInAnswer> PasswordMethod::SignIn(PasswordCredentials credentials, RequestFacts facts) {
  const auto email = identity::CanonicalEmail(credentials.identifier);
  const std::string identifier = email.value_or("");
  const identity::Attempt attempt{email.value_or(credentials.identifier.substr(0, identity::kMaxEmailBytes)), facts.ip,
                                  facts.known_device};
  SignInAnswer answer;
  if (const auto verdict = throttle_.Admit(attempt); !verdict.admitted) {
    answer.refusal = Errc::kThrottled;
    answer.retry_after = verdict.retry_after;
    Audit(store_.audit(), clock_, facts,
          {"signin", "denied", "throttled_" + std::string(verdict.reason), {}, identifier, "user", "password"});
    co_return answer;
  }

  std::optional<store::UserWithPassword> found;
  if (email) {
    auto read = co_await store_.users().FindByEmail(*email);
    if (!read) {
      throttle_.Withdraw(attempt);
      co_return std::unexpected(std::move(read).error());
    }
    found = *std::move(read);
  }
  // Unknown, disabled and without a password: all pay for one verification (S50).
  const std::optional<std::string> hash = found ? found->password_hash : std::nullopt;
  const auto check = co_await hasher_.Verify(credentials.password.Clone(), hash);
  if (!check) {
    throttle_.Withdraw(attempt);
    if (check.error().Is(identity::Errc::kOverloaded)) co_return Fail(Errc::kOverloaded);
    co_return std::unexpected(check.error());
  }
  if (!found || !check->matches || found->user.disabled) {
    throttle_.Failed(attempt);
    Audit(store_.audit(), clock_, facts,
          {"signin", "failure", WhyRefused(found, check->matches), found ? found->user.id : "", identifier, "user", "password"});
    co_return answer;
  }

  throttle_.Succeeded(attempt);
  if (check->needs_rehash) {
    const auto done = co_await Rehash(store_, hasher_, found->user.id, *hash, std::move(credentials.password));
    if (!done) log::Warn("a password hash was not renewed", {{"user", found->user.id}, {"error", done.error().ToLogString()}});
  }
  Audit(store_.audit(), clock_, facts, {"signin", "success", {}, found->user.id, identifier, "user", "password"});
  SignedIn signed_in;
  signed_in.user = std::move(found->user);
  signed_in.method = "password";
  signed_in.amr.emplace_back("pwd");
  answer.signed_in = std::move(signed_in);
  co_return answer;
}

}  // namespace sallyport::signin
