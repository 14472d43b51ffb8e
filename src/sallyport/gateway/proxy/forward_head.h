// SPDX-License-Identifier: Apache-2.0
// The head that an upstream receives (WIRE.md §3): the client's fields less what must not pass, plus what only we may say.
//
// Per upstream the constant lines are prepared once. Build() fills context.request_edits, block and cookie; it allocates
// only while the context's buffers still grow. Immutable after construction; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sallyport/gateway/request_context.h"
#include "sallyport/session/session_cookie.h"

namespace sallyport::gateway {

class ForwardHead {
 public:
  ForwardHead(const GatewayOptions& options, const session::CookieNames& cookies);

  struct Additions {
    std::string_view identity;       // header lines, each with CRLF
    std::string_view bearer_line;    // one more Authorization line, or empty
    std::string_view xsrf_cookie;    // "XSRF-TOKEN=…" for the forwarded Cookie, or empty
    std::string_view trace_parent;   // replaces the client's, or begins a trace; empty: the client's is passed on
    bool new_trace = false;          // the client's trace, if there is one, is not continued: nor is its tracestate
  };
  void Build(RequestContext& context, const Additions& additions) const;

 private:
  void EditCookie(RequestContext& context, std::string_view xsrf_cookie) const;
  http::CookieFilterResult FilterCookies(RequestContext& context, bool pages, bool keeps_session, std::string_view xsrf_cookie) const;
  void PutCookies(RequestContext& context, http::CookieFilterResult result, std::string_view value) const;

  const GatewayOptions& options_;
  const session::CookieNames& cookies_;
  std::vector<std::string> constant_;   // by upstream: Host, X-Forwarded-Host, X-Forwarded-Proto
  std::string forwarded_suffix_;        // of a Forwarded line: ";host=…;proto=…"
};

}  // namespace sallyport::gateway
