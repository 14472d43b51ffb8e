// SPDX-License-Identifier: Apache-2.0
// A request's session cookie as the cache looks for it. Reading and hashing it once does for all requests that carry the very
// same Cookie field; whoever keeps a key for that sees to it that they do.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sallyport/model/ids.h"

namespace sallyport::session {

struct CookieKey {
  enum State : std::uint8_t {
    kUnread,
    kNone,
    kOne,       // one value, in one piece
    kSeveral,   // chunks, or different values: SessionService::Resolve looks at them
  };
  State state = kUnread;
  std::size_t at = 0, size = 0;   // kOne: the value's place in the first Cookie field
  model::TokenHash hash{};        // kOne
};

}  // namespace sallyport::session
