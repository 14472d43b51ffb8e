// SPDX-License-Identifier: Apache-2.0
// Password hashing on its own few low-priority threads, so that a storm of sign-ins does not move anybody's latency (S56).
//
// The queue holds at most `max_wait` of work, by a moving average of what one hash takes; beyond that calls fail at once with
// Errc::kOverloaded. Verify costs one hash whether or not there is anything to compare with (S50).
// Thread-safe; resumes on the awaiting worker. `random` must outlive it.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "sallyport/async/task.h"
#include "sallyport/async/thread_pool.h"
#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/base/secret.h"
#include "sallyport/crypto/password_hash.h"
#include "sallyport/identity/errc.h"

namespace sallyport::identity {

struct PasswordHasherOptions {
  std::size_t threads = 0;                 // 0: max(1, cores / 2)
  Duration max_wait{1000};
  crypto::Argon2Parameters parameters;     // OWASP's minimum by default
  bool low_priority = true;                // threads give way to everything else
};

struct PasswordCheck {
  bool matches = false;
  bool needs_rehash = false;               // only when it matches: hash again and ReplacePasswordHash
};

class PasswordHasher {
 public:
  PasswordHasher(PasswordHasherOptions options, Random& random);
  ~PasswordHasher();

  // PHC string. kOverloaded; kPasswordTooLong.
  Task<std::string> Hash(Secret password);
  // `encoded` is nullopt for an unknown account or one without a password: as slow, and never a match. A hash that cannot be
  // understood never matches either. kOverloaded.
  Task<PasswordCheck> Verify(Secret password, std::optional<std::string> encoded);

  // When to come again after kOverloaded: whole seconds, at least one.
  Duration retry_after() const;
  // Waiting and under way.
  std::size_t pending() const { return pending_.load(std::memory_order_relaxed); }
  // Since the start: those that ended with kOverloaded.
  std::uint64_t shed() const { return shed_.load(std::memory_order_relaxed); }

 private:
  bool Enter();
  void Leave(std::chrono::steady_clock::duration took);
  template <class T>
  Task<T> Run(std::function<Result<T>()> work);

  const PasswordHasherOptions options_;
  Random& random_;
  std::atomic<std::size_t> pending_ = 0;
  std::atomic<std::uint64_t> shed_ = 0;
  std::atomic<std::int64_t> average_us_ = 50'000;
  async::ThreadPool pool_;
};

}  // namespace sallyport::identity
