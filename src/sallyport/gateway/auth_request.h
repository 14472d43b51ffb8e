// SPDX-License-Identifier: Apache-2.0
// A request to one of our own endpoints, with what every handler asks for. Lives as long as the exchange.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/async/task.h"
#include "sallyport/gateway/answer.h"
#include "sallyport/gateway/services.h"
#include "sallyport/http/fetch_metadata.h"
#include "sallyport/http/query.h"
#include "sallyport/net/exchange.h"
#include "sallyport/session/session_service.h"

namespace sallyport::gateway {

// Fields of a urlencoded or JSON body (top-level strings, numbers and booleans as text; other JSON members are kept apart).
struct BodyFields {
  std::map<std::string, std::string, std::less<>> fields;
  json::object json;                 // the whole object when the body was JSON
  bool is_json = false;
  http::Parameters form;             // a urlencoded form as it came, repeated names and all

  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const { return fields.contains(name); }
};

class AuthRequest {
 public:
  AuthRequest(Services& services, net::Exchange& exchange, std::string_view path, std::string_view query,
              std::string client_ip, std::string request_id);

  Services& services;
  net::Exchange& exchange;
  const std::string_view path;             // canonical
  const std::string client_ip;
  const std::string request_id;
  std::vector<std::string_view> parameters;  // what the endpoint's pattern captured, in order

  const http::RequestHead& head() const { return exchange.head(); }
  http::Method method() const { return head().method; }
  // First value of a query parameter, decoded; empty when absent.
  std::string Query(std::string_view name) const;
  bool HasQuery(std::string_view name) const;
  std::string_view raw_query() const { return query_; }
  std::optional<std::string_view> Cookie(std::string_view name) const;
  std::string user_agent() const;
  session::ClientInfo client() const { return {client_ip, user_agent()}; }

  // At most 64 KiB, form or JSON; anything else is http::Errc::kBadForm. Read once, then kept.
  Task<const BodyFields*> Body();

  // The session of the request's cookies; `session` is empty when there is none. Store trouble is an error (503).
  // `slide`: whether this counts as use (S4).
  Task<session::Resolution> Session(bool slide = true);

  // Did the client ask for JSON: v4's json=true (after Body()), v5's X-Auth-Return-Redirect, or Accept without text/html?
  bool v5_style() const;
  bool v4_json() const;                    // after Body()
  bool prefers_html() const;

  // CSRF of next-auth's POSTs and of register/password/email routes (WIRE.md §2): Fetch-Metadata/Origin whenever either is
  // present, and `csrfToken` (or our session-bound token in `csrfToken` or `_csrf`). After Body(); `session` may be empty.
  enum class CsrfVerdict { kPassed, kBadOrigin, kBadToken };
  CsrfVerdict CheckCsrf(const session::SessionRef& session) const;
  // The full rule of WIRE.md §3 (header or `_csrf` field with the session-bound token), for DELETE sessions and the like.
  CsrfVerdict CheckSessionCsrf(const session::SessionRef& session) const;

  // The csrfToken of this browser: the one in its cookie when valid, else a new one, and then `set_cookie` is filled.
  std::string CsrfToken(std::optional<std::string>& set_cookie) const;

  // A safe absolute URL for `callbackUrl`: body, query, cookie (in that order), else the public origin (S15).
  std::string CallbackUrl() const;
  // public_url + path.
  std::string Absolute(std::string_view path_and_query) const;

 private:
  std::string query_;
  std::optional<BodyFields> body_;
};

}  // namespace sallyport::gateway
