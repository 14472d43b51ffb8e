// SPDX-License-Identifier: Apache-2.0
// Relays one exchange to an upstream: head in one pass, bodies streamed both ways with bounded buffers, answers flushed as
// they come (SSE), 1xx passed on, upgrades turned into a tunnel.
//
// Retries on another connection only when the request is idempotent, has no body that was already read, and the pooled
// connection died before a byte of the answer. Hop-by-hop fields are dropped by the relay on both sides. An answer that
// the upstream cuts is cut for the client (S26). A connection whose answer was not fully understood is never reused (S25).
#pragma once

#include <string_view>

#include "sallyport/net/exchange.h"
#include "sallyport/net/upstream_pool.h"

namespace sallyport::net {

// Judges and edits an upstream's answer head before it goes to the client.
class ResponseEditor {
 public:
  virtual ~ResponseEditor() = default;
  // `edits` already masks hop-by-hop fields. Views put into `edits` must live until the exchange ends.
  virtual void Edit(const http::ResponseHead& head, http::HeadEdits& edits) = 0;
  // The same for a 1xx answer before it.
  virtual void EditInterim(const http::ResponseHead& head, http::HeadEdits& edits) { (void)head, (void)edits; }
};

// Sees the answer's body before the client does, without framing, also what a tunnel brings.
class BodyWatch {
 public:
  virtual ~BodyWatch() = default;
  // False: this piece and all that follows is not for the client; the answer is cut.
  virtual bool Passes(std::string_view piece) = 0;
};

struct RelayPlan {
  UpstreamPool* pool = nullptr;
  std::string_view target;                 // canonical path and query, as the upstream shall see it
  const http::HeadEdits* request_edits = nullptr;  // over exchange.head().fields; must drop and add Host itself
  ResponseEditor* editor = nullptr;        // may be null
  BodyWatch* watch = nullptr;              // may be null
  bool websocket = false;                  // the handshake was judged and may be passed on
  std::string_view websocket_accept;       // expected Sec-WebSocket-Accept
  Duration tunnel_idle{0};                 // 0: none
};

struct RelayOutcome {
  std::uint16_t status = 0;                // of the upstream's answer; 0: none
  bool reused_connection = false;
  bool upgraded = false;
};

// On an error before a head was set on the exchange, the caller answers (kUpstream… → 502/503/504, kBodyTooLarge → 413).
// On an error after it, the exchange has been aborted. Runs until answer (or tunnel) has ended.
Task<RelayOutcome> Relay(Exchange& exchange, RelayPlan plan);

}  // namespace sallyport::net
