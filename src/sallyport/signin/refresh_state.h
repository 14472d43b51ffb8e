// SPDX-License-Identifier: Apache-2.0
// A session's tokens as the store has them, and what it remembers of refreshes that are under way or went wrong. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "sallyport/base/clock.h"
#include "sallyport/base/json.h"

namespace sallyport::signin {

// The member "refresh" of the tokens; absent when nothing is to be remembered.
struct RefreshState {
  bool asking = false;      // somebody asks the issuer, until `until`
  bool lost = false;        // an answer has been lost: new tokens may exist that nobody has seen
  Timestamp until{};        // nobody else asks before
};

struct StoredTokens {
  json::object members;
  std::string access, refresh;
  Timestamp expires{}, due{};   // when it must be, and when it should be refreshed; Timestamp::max(): never
  RefreshState state;
  std::int64_t version = 0;

  void SetState(const RefreshState& next);
  bool SameTokens(const StoredTokens& other) const { return access == other.access && refresh == other.refresh; }
};

StoredTokens ReadStoredTokens(json::object members, std::int64_t version);

}  // namespace sallyport::signin
