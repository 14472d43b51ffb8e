// SPDX-License-Identifier: Apache-2.0
// How often somebody may try (S55): by client address (IPv6 by /64, IPv4-mapped as IPv4), by account, and by the two together.
//
// - Every try counts against the address's rate.
// - Failures in a row by one account from one address lock that pair out, for a growing time. Somebody else's failures
//   elsewhere never do, so a lock-out cannot keep the owner out.
// - All tries against an account, from everywhere, have one slow rate: a botnet gets that many guesses. A browser that
//   is known to the account is not held up by it.
// Tries count when they are admitted, so that parallel ones cannot slip through; a success gives them back (but not to
// the address). In this process only. Memory is bounded. Thread-safe; `clock` must outlive it.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/random.h"
#include "sallyport/identity/lockout.h"
#include "sallyport/identity/rate_limiter.h"

namespace sallyport::identity {

struct ThrottleLimits {
  Rate tries_per_address{60, std::chrono::minutes(1)};
  Rate tries_per_account{100, std::chrono::hours(1)};
  Rate mails_per_address{20, std::chrono::hours(1)};
  Rate mails_per_account{5, std::chrono::hours(1)};
  LockoutRule lockout;
  std::size_t max_keys = 100'000;   // of each kind
};

struct ThrottleVerdict {
  bool admitted = true;
  Duration retry_after{};      // > 0 when not admitted
  std::string_view reason;     // "address", "account", "lockout"; for logs and audit
};

// One try. `account` is what was typed, canonical if it can be made so; it need not exist (S50). `known_device`: the browser
// has shown that it has signed in to this account before.
struct Attempt {
  std::string account;
  std::string ip;
  bool known_device = false;
};

class Throttle {
 public:
  Throttle(ThrottleLimits limits, const Clock& clock, Random& random);

  // From now on; what has been counted stays counted. max_keys stays as it is.
  void SetLimits(const ThrottleLimits& limits);

  // Before a password (or code) is checked. Follow with exactly one of Succeeded, Failed, Withdraw.
  ThrottleVerdict Admit(const Attempt& attempt);
  void Succeeded(const Attempt& attempt);
  void Failed(const Attempt& attempt);      // it is counted already; here for the reader
  void Withdraw(const Attempt& attempt);    // it was never judged: overload, store trouble

  // Before a try that is capped by itself and belongs to no account yet (a code, S54): by the client's address alone.
  ThrottleVerdict AdmitFrom(std::string_view ip);

  // Before anything is mailed to `account` on behalf of `ip`. A known device has mails of its own, so that nobody who has
  // mails sent to an account can keep its owner from asking for one.
  ThrottleVerdict AdmitMail(std::string_view account, std::string_view ip, bool known_device = false);

 private:
  RateLimiter tries_per_address_;
  RateLimiter tries_per_account_;
  RateLimiter mails_per_address_;
  RateLimiter mails_per_account_;
  Lockout lockout_;
};

// What limits count an address by: "192.0.2.1", or the /64 of an IPv6 address; other text as it is.
std::string AddressKey(std::string_view ip);

}  // namespace sallyport::identity
