// SPDX-License-Identifier: Apache-2.0
// What the gateway keeps from one request of a connection to the next. Clients send the same cookies again and again: what
// follows from their bytes alone (where the session token is and its hash, what the upstream receives of them) is worked out
// when they change. What may change meanwhile, the session foremost, is never kept here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "sallyport/http/cookie.h"
#include "sallyport/http/ip_address.h"
#include "sallyport/net/exchange.h"
#include "sallyport/session/cookie_key.h"

namespace sallyport::gateway {

class CookieMemo {
 public:
  // What an upstream receives: as received, nothing, or `line`, the field's value.
  struct Forwarded {
    bool known = false;
    http::CookieFilterResult result = http::CookieFilterResult::kEmpty;
    std::string line;
  };
  static constexpr std::size_t kKinds = 4;
  static constexpr std::size_t kMaxBytes = 4096;

  // True when the memo is about the request's cookies: they are the same as before, or it begins anew with them. False when it
  // cannot be (several Cookie fields, or very large ones). Another `snapshot` (Services) begins anew.
  bool Recall(const http::HeaderTable& fields, std::uint32_t snapshot);

  session::CookieKey key;
  std::array<Forwarded, kKinds> forwarded;   // by ForwardHead's kinds of upstream

 private:
  std::string field_;
  std::uint32_t snapshot_ = 0;
  bool any_ = false;
};

class ConnectionMemo final : public net::ConnectionMemo {
 public:
  static ConnectionMemo& Of(net::Exchange& exchange);

  std::optional<http::IpAddress> peer;   // the connection's address, once it was asked for
  CookieMemo cookies;
};

}  // namespace sallyport::gateway
