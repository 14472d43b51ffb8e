// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/password_hasher.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "sallyport/base/log.h"

namespace sallyport::identity {
namespace {

// More than any wait allows; the limit that counts is Enter's.
constexpr std::size_t kHardLimit = 65536;

PasswordHasherOptions WithThreads(PasswordHasherOptions options) {
  if (options.threads == 0) options.threads = std::max(1u, std::thread::hardware_concurrency() / 2);
  return options;
}

// Always one verification's work.
PasswordCheck CheckNow(std::string_view password, const std::optional<std::string>& encoded,
                       const crypto::Argon2Parameters& parameters) {
  if (!encoded || password.size() > crypto::kMaxPasswordBytes) {
    crypto::VerifyNobody(password.substr(0, crypto::kMaxPasswordBytes), parameters);
    return {};
  }
  const auto matches = crypto::VerifyPassword(password, *encoded);
  if (!matches) {
    log::Warn("a stored password hash cannot be checked", {{"error", matches.error().ToLogString()}});
    crypto::VerifyNobody(password, parameters);
    return {};
  }
  return {*matches, *matches && crypto::NeedsRehash(*encoded, parameters)};
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordHasherOptions options, Random& random)
    : options_(WithThreads(options)),
      random_(random),
      pool_(async::ThreadPoolOptions{.name = "password",
                                     .threads = options_.threads,
                                     .max_queued = kHardLimit,
                                     .low_priority = options_.low_priority}) {}

PasswordHasher::~PasswordHasher() { pool_.Stop(); }

bool PasswordHasher::Enter() {
  const std::int64_t wait_us = std::chrono::microseconds(options_.max_wait).count();
  const auto in_time = static_cast<std::size_t>(wait_us / std::max<std::int64_t>(average_us_.load(), 1));
  const std::size_t limit = options_.threads * std::max<std::size_t>(in_time, 1);
  if (pending_.fetch_add(1) < limit) return true;
  pending_.fetch_sub(1);
  shed_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void PasswordHasher::Leave(std::chrono::steady_clock::duration took) {
  const std::int64_t us = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  // A lost update between two threads costs one sample.
  average_us_.store((average_us_.load() * 7 + us) / 8);
  pending_.fetch_sub(1);
}

template <class T>
Task<T> PasswordHasher::Run(std::function<Result<T>()> work) {
  if (!Enter()) co_return Fail(Errc::kOverloaded);
  std::function<Result<T>()> timed = [this, work = std::move(work)]() -> Result<T> {
    const auto begin = std::chrono::steady_clock::now();
    Result<T> out = work();
    Leave(std::chrono::steady_clock::now() - begin);
    return out;
  };
  Result<T> out = co_await pool_.Run<T>(std::move(timed));
  const bool never_ran = !out && out.error().code.category() == make_error_code(async::Errc::kStopped).category();
  if (never_ran) {
    pending_.fetch_sub(1);
    co_return Fail(Errc::kOverloaded);
  }
  co_return out;
}

Task<std::string> PasswordHasher::Hash(Secret password) {
  if (password.size() > crypto::kMaxPasswordBytes) co_return Fail(Errc::kPasswordTooLong);
  auto shared = std::make_shared<const Secret>(std::move(password));
  std::function<Result<std::string>()> work = [this, shared] {
    return crypto::HashPassword(shared->Reveal(), options_.parameters, random_);
  };
  co_return co_await Run<std::string>(std::move(work));
}

Task<PasswordCheck> PasswordHasher::Verify(Secret password, std::optional<std::string> encoded) {
  auto shared = std::make_shared<const Secret>(std::move(password));
  std::function<Result<PasswordCheck>()> work = [this, shared,
                                                 encoded = std::move(encoded)]() -> Result<PasswordCheck> {
    return CheckNow(shared->Reveal(), encoded, options_.parameters);
  };
  co_return co_await Run<PasswordCheck>(std::move(work));
}

Duration PasswordHasher::retry_after() const {
  const std::int64_t us = average_us_.load() * static_cast<std::int64_t>(pending_.load() / options_.threads);
  return std::chrono::ceil<std::chrono::seconds>(std::max(std::chrono::microseconds(us), std::chrono::microseconds(1)));
}

}  // namespace sallyport::identity
