// SPDX-License-Identifier: Apache-2.0
// Writes metrics in the Prometheus text format, version 0.0.4.
//
// A family is begun once and its samples follow at once. Label values and help texts are escaped; names are the program's own
// constants and are not. Values of labels must be bounded in number: from the configuration or the program, never from a request.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "sallyport/base/metrics.h"

namespace sallyport {

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

enum class MetricType : std::uint8_t { kCounter, kGauge, kHistogram };

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Names end in "_total" for counters, and in the base unit ("_seconds", "_bytes") where there is one.
  void Begin(std::string_view name, MetricType type, std::string_view help);
  // Of the family that was begun last.
  void Sample(Labels labels, std::uint64_t value);
  void Sample(Labels labels, double value);
  void Sample(Labels labels, const LatencyTotals& latency);

  // A family of one sample without labels.
  void Counter(std::string_view name, std::string_view help, std::uint64_t value);
  void Gauge(std::string_view name, std::string_view help, double value);

  std::string Take() { return std::move(out_); }

 private:
  void Line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);

  std::string name_;
  std::string out_;
};

}  // namespace sallyport
