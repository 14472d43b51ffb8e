// SPDX-License-Identifier: Apache-2.0
// Requests by route and upstream: how they ended and how long they took.
//
// A row is made when a configuration is applied and lives as long as the process, so that counters never fall; a later
// configuration with the same route goes on with its row. Each worker counts in its own cells.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/metrics.h"
#include "sallyport/base/metrics_text.h"
#include "sallyport/net/exchange.h"

namespace sallyport::gateway {

// kNone: the client had gone, or was cut, before it got a status.
enum class StatusClass : std::uint8_t { kNone, k1xx, k2xx, k3xx, k4xx, k5xx };
inline constexpr std::size_t kStatusClasses = 6;
inline constexpr std::size_t kAbortReasons = static_cast<std::size_t>(net::AbortReason::kError) + 1;

StatusClass StatusClassOf(std::uint16_t status);

struct RequestFigures {
  std::uint16_t status = 0;
  net::AbortReason abort = net::AbortReason::kNone;
  std::uint64_t micros = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;   // of bodies
};

// One worker's cells of one row. A line of its own in the cache.
class alignas(64) RequestCell {
 public:
  // On that worker. The latency of a tunnel (101) is its life and is left out.
  void Count(const RequestFigures& figures);

 private:
  friend class RequestMetrics;
  enum class Volume : std::uint8_t { kBytesIn, kBytesOut };

  CounterSet<StatusClass, kStatusClasses> statuses_;
  CounterSet<net::AbortReason, kAbortReasons> aborts_;
  CounterSet<Volume, 2> volume_;
  Histogram latency_;
};

struct RequestRow {
  std::string route, upstream;
  std::vector<RequestCell> by_worker;
};

// Thread-safe. Rows are bounded: beyond kMaxRows (many reloads with ever new routes) new ones share a row called "other".
class RequestMetrics {
 public:
  static constexpr std::size_t kMaxRows = 2048;
  static constexpr std::string_view kNoRoute = "none";   // routes begin with "/"

  explicit RequestMetrics(std::size_t workers) : workers_(workers), unreadable_(workers) {}

  // `route` is a pattern of the configuration or of our endpoints, or kNoRoute.
  RequestRow& RowFor(std::string_view route, std::string_view upstream);
  // A connection whose bytes made no request, or none in time. On that worker.
  void CountUnreadable(std::size_t worker) { unreadable_[worker].Add(Unreadable::kHead); }
  void WriteTo(MetricsText& text) const;

 private:
  enum class Unreadable : std::uint8_t { kHead };

  RequestRow& AddRow(std::string_view route, std::string_view upstream);

  const std::size_t workers_;
  std::vector<CounterSet<Unreadable, 1>> unreadable_;
  mutable std::mutex mutex_;
  std::deque<RequestRow> rows_;   // stay where they are
};

}  // namespace sallyport::gateway
