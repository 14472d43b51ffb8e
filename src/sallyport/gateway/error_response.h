// SPDX-License-Identifier: Apache-2.0
// The one place that turns error codes into HTTP (S60: an unknown code denies: 500, never a pass).
//
// What a client sees never contains Error::detail; that goes to the log.
#pragma once

#include <string>
#include <string_view>

#include "sallyport/gateway/answer.h"
#include "sallyport/gateway/options.h"
#include "sallyport/base/error.h"

namespace sallyport::gateway {

struct ErrorShape {
  std::uint16_t status = 500;
  std::string_view code = "internal_error";
  std::string_view title = "Internal error";
  std::uint32_t retry_after_s = 0;     // 0: no Retry-After
  bool close = false;                  // framing is in doubt
};
ErrorShape ShapeOf(const Error& error);

// HTML page for navigations, problem document for everything else; logs 5xx with the detail.
Answer AnswerForError(const Error& error, bool html, const PagesOptions& pages, std::string_view request_id);

// A complete HTTP/1.1 answer for bytes that were not a request; closes.
std::string RawAnswerForError(const Error& error);

}  // namespace sallyport::gateway
