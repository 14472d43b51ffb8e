// SPDX-License-Identifier: Apache-2.0
// What the pipeline knows about one request. Pooled per worker: its buffers keep their capacity, so that a request in the
// steady state allocates nothing.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/gateway/answer.h"
#include "sallyport/gateway/connection_memo.h"
#include "sallyport/gateway/options.h"
#include "sallyport/gateway/tracing/trace_context.h"
#include "sallyport/http/forwarded.h"
#include "sallyport/http/head_writer.h"
#include "sallyport/http/target.h"
#include "sallyport/net/exchange.h"
#include "sallyport/net/relay.h"
#include "sallyport/session/session_service.h"

namespace sallyport::gateway {

struct RequestRow;

struct RequestContext {
  net::Exchange* exchange = nullptr;

  http::Target target;
  std::string target_scratch;         // holds the canonical target when it differs from the received one
  http::IpAddress client;
  std::string client_text;
  std::array<char, 32> request_id{};  // lower-case hex
  bool navigation = false;

  int route_index = -1;
  const Route* route = nullptr;
  const UpstreamPolicy* upstream = nullptr;
  RequestRow* row = nullptr;          // where the request is counted
  TraceContext trace;                 // its span, when there is a collector
  CookieMemo* cookies = nullptr;      // about this request's cookies; null when it cannot be
  session::Resolution resolution;

  // For the upstream.
  std::string upstream_target;        // scratch of RouteTable::UpstreamTarget
  std::string block;                  // added header lines
  std::string cookie;                 // rewritten Cookie value
  std::string identity;               // block of an identity that is not cached in the session
  http::HeadEdits request_edits;
  std::string_view injected_bearer;   // within `block`; must not come back in an answer

  // For the client.
  std::string answer_block;           // added header lines of a relayed answer
  std::vector<std::string> set_cookies;
  std::optional<Answer> refusal;
  std::uint16_t status = 0;

  std::string_view request_id_text() const { return {request_id.data(), request_id.size()}; }
  void Reset(net::Exchange& for_exchange);
};

// SessionService::TryResolve into context.resolution, with what is known of the cookies; counts as use of the session.
bool TryResolveSession(session::SessionService& sessions, RequestContext& context);

// Per worker; single-threaded.
class RequestContextPool {
 public:
  class Lease {
   public:
    Lease(RequestContextPool& pool, net::Exchange& exchange);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    RequestContext& operator*() const { return *context_; }

   private:
    RequestContextPool& pool_;
    std::unique_ptr<RequestContext> context_;
  };

 private:
  static constexpr std::size_t kKept = 256;
  std::vector<std::unique_ptr<RequestContext>> free_;
};

}  // namespace sallyport::gateway
