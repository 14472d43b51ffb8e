// SPDX-License-Identifier: Apache-2.0
// The answer of one of our own endpoints, as a value: handlers return it, the pipeline sends it.
//
// Cache-Control: no-store and the security headers of own pages (S8) are added when it is sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sallyport/base/json.h"

namespace sallyport::gateway {

struct Answer {
  std::uint16_t status = 200;
  std::string content_type;                                    // empty: no body
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;    // names are literals, values free of CR and LF
  std::vector<std::string> set_cookies;                        // Set-Cookie values
  std::string form_action;                                     // extra sources for CSP's form-action, for pages

  static Answer Json(std::uint16_t status, const json::value& value);
  static Answer JsonText(std::uint16_t status, std::string text);
  static Answer Html(std::uint16_t status, std::string html);
  static Answer Text(std::uint16_t status, std::string text);
  // 302 where next-auth's wire has it, 303 on our own routes (S16). `location` is one of ours or was judged (S15).
  static Answer Redirect(std::uint16_t status, std::string location);
  static Answer Empty(std::uint16_t status);
  // RFC 9457 with a stable `code`.
  static Answer Problem(std::uint16_t status, std::string_view code, std::string_view title, std::string_view detail = {});

  Answer& WithCookie(std::string set_cookie) & { set_cookies.push_back(std::move(set_cookie)); return *this; }
  Answer& WithHeader(std::string name, std::string value) & { headers.emplace_back(std::move(name), std::move(value)); return *this; }
};

}  // namespace sallyport::gateway
