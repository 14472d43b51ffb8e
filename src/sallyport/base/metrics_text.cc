// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/metrics_text.h"

#include <fmt/format.h>

namespace sallyport {
namespace {

constexpr std::string_view kTypeNames[] = {"counter", "gauge", "histogram"};

void AppendEscaped(std::string& out, std::string_view text, bool quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out.append("\\n");
      continue;
    }
    if (c == '\\' || (quotes && c == '"')) out.push_back('\\');
    out.push_back(c);
  }
}

}  // namespace

void MetricsText::Begin(std::string_view name, MetricType type, std::string_view help) {
  name_ = name;
  out_.append("# HELP ").append(name).append(" ");
  AppendEscaped(out_, help, false);
  out_.append("\n# TYPE ").append(name).append(" ").append(kTypeNames[static_cast<std::size_t>(type)]).append("\n");
}

void MetricsText::Line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value) {
  out_.append(name_).append(suffix);
  char separator = '{';
  const auto label = [&](std::string_view name, std::string_view text) {
    out_.push_back(separator);
    separator = ',';
    out_.append(name).append("=\"");
    AppendEscaped(out_, text, true);
    out_.push_back('"');
  };
  for (const auto& [name, text] : labels) label(name, text);
  if (!bound.empty()) label("le", bound);
  if (separator == ',') out_.push_back('}');
  out_.append(" ").append(value).append("\n");
}

void MetricsText::Sample(Labels labels, std::uint64_t value) { Line("", labels, "", fmt::to_string(value)); }

void MetricsText::Sample(Labels labels, double value) { Line("", labels, "", fmt::to_string(value)); }

void MetricsText::Sample(Labels labels, const LatencyTotals& latency) {
  std::uint64_t count = 0;
  for (std::size_t i = 0; i < latency.buckets.size(); ++i) {
    count += latency.buckets[i];
    const bool last = i == kLatencyBounds.size();
    Line("_bucket", labels, last ? std::string("+Inf") : fmt::to_string(kLatencyBounds[i] / 1e6), fmt::to_string(count));
  }
  Line("_sum", labels, "", fmt::to_string(static_cast<double>(latency.sum_micros) / 1e6));
  Line("_count", labels, "", fmt::to_string(count));
}

void MetricsText::Counter(std::string_view name, std::string_view help, std::uint64_t value) {
  Begin(name, MetricType::kCounter, help);
  Sample({}, value);
}

void MetricsText::Gauge(std::string_view name, std::string_view help, double value) {
  Begin(name, MetricType::kGauge, help);
  Sample({}, value);
}

}  // namespace sallyport
