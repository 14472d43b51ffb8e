// SPDX-License-Identifier: Apache-2.0
// What is done to an upstream's answer head on its way to the browser (WIRE.md §3 "Pages", "Answers").
//
//  * Set-Cookie of a name that is ours is dropped and logged, unless a page upstream signs the session out with it; so is
//    one without a name, which browsers send back as whatever its value spells.
//  * A field that contains the injected bearer is dropped and logged (S7).
//  * X-CSRF-Token, a missing XSRF-TOKEN cookie and a renewed session cookie are added, together with Cache-Control: private
//    and never to an answer that is marked public or s-maxage.
//  * The configured [headers] are added.
#pragma once

#include <functional>

#include "sallyport/gateway/request_context.h"

namespace sallyport::gateway {

class AnswerEditor final : public net::ResponseEditor {
 public:
  // `signed_out` is called at most once, when the page upstream has deleted the session cookie on an unsafe method.
  AnswerEditor(RequestContext& context, const GatewayOptions& options, const session::CookieNames& cookies, Timestamp now,
               std::function<void()> signed_out);

  void Edit(const http::ResponseHead& head, http::HeadEdits& edits) override;
  // Set-Cookie has no business there; fields with the bearer go as everywhere.
  void EditInterim(const http::ResponseHead& head, http::HeadEdits& edits) override;

 private:
  bool HoldsBearer(const http::HeaderField& field) const;
  bool DropSetCookie(const http::HeaderField& field);
  void AddSessionLines(const http::ResponseHead& head);

  RequestContext& context_;
  const GatewayOptions& options_;
  const session::CookieNames& cookies_;
  const Timestamp now_;
  std::function<void()> signed_out_;
};

}  // namespace sallyport::gateway
