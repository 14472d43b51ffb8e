// SPDX-License-Identifier: Apache-2.0
// Access lines: each worker appends to a buffer of its own, a thread writes the buffers out at 64 KiB or once a second.
// When the writer lags, lines are dropped and counted (a warning says how many), never waited for.
//
// Query strings are left out: they may hold one-time tokens (S62). Values are escaped.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sallyport/base/clock.h"
#include "sallyport/base/result.h"
#include "sallyport/gateway/options.h"

namespace sallyport::gateway {

struct AccessLine {
  Timestamp at{};
  std::string_view client, method, path, upstream, session_id, request_id;
  std::uint16_t status = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t micros = 0;
  bool aborted = false;
};

class AccessLog {
 public:
  // `fd` of the file is owned; empty path: standard output.
  static Result<std::unique_ptr<AccessLog>> Open(const LogOptions& options, std::size_t workers);
  ~AccessLog();

  void Write(std::size_t worker, const AccessLine& line);
  // Since the start.
  std::uint64_t dropped() const;

 private:
  struct State;
  explicit AccessLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::gateway
