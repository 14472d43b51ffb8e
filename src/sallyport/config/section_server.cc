// SPDX-License-Identifier: Apache-2.0
// [limits] and [log].
#include <fmt/format.h>

#include "sallyport/config/sections.h"

namespace sallyport::config {
namespace {

constexpr std::uint32_t kBurstSeconds = 10;   // a page with all that it loads, at once

void ReadUncounted(Section& limits, std::vector<http::Cidr>& uncounted) {
  if (!limits.Has("uncounted")) return;
  uncounted.clear();
  for (const auto* item : limits.Strings("uncounted")) {
    if (auto network = http::Cidr::Parse(item->text)) {
      uncounted.push_back(*network);
    } else {
      limits.ReportAt(item->line, "uncounted", fmt::format("'{}' is not a network", item->shown),
                      "write an address or CIDR without bits beyond the prefix: \"10.0.0.0/8\"");
    }
  }
}

void ReadClientLimits(Section& limits, Config& out) {
  auto& server = out.server;
  auto& options = out.gateway.limits;
  limits.ReadNumber("connections_per_address", server.max_connections_per_address, 0, 1'000'000);
  options.requests_of_address_in_flight = server.max_connections_per_address;
  limits.ReadNumber("requests_per_address_per_second", options.requests_per_address_per_second, 0, 1'000'000);
  options.request_burst_per_address = options.requests_per_address_per_second * kBurstSeconds;
  const bool burst = limits.ReadNumber("request_burst_per_address", options.request_burst_per_address, 1, 10'000'000);
  if (burst && options.requests_per_address_per_second == 0) {
    limits.Report("request_burst_per_address", "says nothing without requests_per_address_per_second", "set both, or neither");
  }
  ReadUncounted(limits, options.uncounted);
  server.uncounted = options.uncounted;
  // Their connections carry many people's requests, which are counted by the people's addresses.
  server.uncounted.insert(server.uncounted.end(), out.gateway.trusted_proxies.begin(), out.gateway.trusted_proxies.end());
}

}  // namespace

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
  ReadClientLimits(limits, out);
  limits.ReadNumber("requests_in_flight", out.gateway.limits.requests_in_flight, 0, 10'000'000);
  limits.Read("worker_wait", out.gateway.limits.worker_wait, Duration(0), std::chrono::minutes(1));
  if (limits.ReadBytes("min_body_rate", bytes, 0, 1024 * 1024)) server.min_body_rate = static_cast<std::uint32_t>(bytes);
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
