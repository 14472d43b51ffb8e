// SPDX-License-Identifier: Apache-2.0
// Set-Cookie: written as npm's `cookie` package writes it (what next-auth uses), and read from upstream answers.
#pragma once

#include <cstdint>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/clock.h"

namespace sallyport::http {

enum class SameSite : std::uint8_t { kUnset, kLax, kStrict, kNone };

struct SetCookie {
  std::string name;
  std::string value;  // encoded with encodeURIComponent when written
  std::optional<std::chrono::seconds> max_age;
  std::string domain;
  std::string path = "/";
  std::optional<Timestamp> expires;
  bool http_only = true;
  bool secure = false;
  SameSite same_site = SameSite::kLax;

  // "name=value; Max-Age=…; Domain=…; Path=…; Expires=…; HttpOnly; Secure; SameSite=Lax", in this order.
  std::string ToString() const;
  void AppendTo(std::string& out) const;
  // What follows the value: "; Path=/; HttpOnly…".
  void AppendAttributesTo(std::string& out) const;
  // The same cookie, emptied and expired ("Max-Age=0"), with the attributes that a browser needs to find it.
  SetCookie Deletion() const;
};

struct ParsedSetCookie {
  std::string_view name;   // never empty
  std::string_view value;  // as sent
  bool deletes = false;    // Max-Age <= 0, or without Max-Age an Expires that is not after `now`
};

// nullopt when there is no name. Attributes are read as browsers do (RFC 6265 §5.2): last one wins, unknown ignored.
std::optional<ParsedSetCookie> ParseSetCookie(std::string_view field_value, Timestamp now);

// RFC 6265 §5.1.1 cookie date (accepts every HTTP-date form); nullopt when it is none.
std::optional<Timestamp> ParseCookieDate(std::string_view text);

}  // namespace sallyport::http
