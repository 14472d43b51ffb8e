// SPDX-License-Identifier: Apache-2.0
// How many session tokens that nobody knows a client address may have looked up in the store. The gateway implements it.
#pragma once

#include "sallyport/http/ip_address.h"

namespace sallyport::session {

// Thread-safe.
class TokenGuesses {
 public:
  virtual ~TokenGuesses() = default;
  // Before the store is asked; counted at once, so that parallel requests cannot share a place. False: not now.
  virtual bool Admit(const http::IpAddress& client) = 0;
  // The token was known, or the store could not say: takes the count back.
  virtual void Withdraw(const http::IpAddress& client) = 0;
};

}  // namespace sallyport::session
