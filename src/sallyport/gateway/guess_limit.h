// SPDX-License-Identifier: Apache-2.0
// Unknown session tokens by client address, IPv6 by /64. Bounded memory; thread-safe.
#pragma once

#include "sallyport/identity/rate_limiter.h"
#include "sallyport/session/token_guesses.h"

namespace sallyport::gateway {

class GuessLimit final : public session::TokenGuesses {
 public:
  // `clock` must outlive it.
  GuessLimit(int per_minute, const Clock& clock, Random& random);

  // From now on; what was counted stays counted.
  void SetPerMinute(int per_minute);
  bool Admit(const http::IpAddress& client) override;
  void Withdraw(const http::IpAddress& client) override;

 private:
  identity::RateLimiter by_address_;
};

}  // namespace sallyport::gateway
