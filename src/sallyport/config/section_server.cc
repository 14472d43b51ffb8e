// SPDX-License-Identifier: Apache-2.0
// [limits] and [log].
#include "sallyport/config/sections.h"

namespace sallyport::config {

void ReadLimits(Section& limits, Config& out) {
  auto& server = out.server;
  std::uint64_t bytes = 0;
  if (limits.ReadBytes("head_bytes", bytes, 1024, 256 * 1024)) server.head.max_head_bytes = bytes;
  if (limits.ReadBytes("target_bytes", bytes, 256, 128 * 1024)) server.head.max_target_bytes = bytes;
  if (server.head.max_target_bytes > server.head.max_head_bytes) {
    limits.Report("target_bytes", "is larger than head_bytes, of which it is a part");
  }
  limits.ReadNumber("header_fields", server.head.max_fields, 10, static_cast<std::int64_t>(http::kMaxHeaderFields));
  limits.ReadNumber("connections", server.max_connections, 1, 10'000'000);
  limits.Read("header_timeout", server.header_timeout, Duration(100), std::chrono::minutes(10));
  limits.Read("idle_timeout", server.idle_timeout, Duration(100), std::chrono::hours(1));
  limits.Read("body_timeout", server.body_timeout, Duration(100), std::chrono::hours(1));
  limits.Read("write_timeout", server.write_timeout, Duration(100), std::chrono::hours(1));
}

void ReadLog(Section& log, const std::string& folder, Config& out) {
  auto& options = out.gateway.logs;
  log.ReadChoice<log::Level>("level", options.diagnostic.level,
                             {{"debug", log::Level::kDebug},
                              {"info", log::Level::kInfo},
                              {"warn", log::Level::kWarn},
                              {"error", log::Level::kError}});
  const auto read_format = [&](std::string_view key, log::Format& format) {
    log.ReadChoice<log::Format>(key, format, {{"text", log::Format::kText}, {"json", log::Format::kJson}});
  };
  read_format("format", options.diagnostic.format);
  options.access_format = options.diagnostic.format;
  read_format("access_format", options.access_format);
  log.Read("access", options.access);
  if (log.Read("file", options.diagnostic.file)) options.diagnostic.file = InFolder(folder, options.diagnostic.file);
  if (log.Read("access_file", options.access_file)) options.access_file = InFolder(folder, options.access_file);
}

}  // namespace sallyport::config
