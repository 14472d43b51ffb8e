// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/metrics/request_metrics.h"

#include <algorithm>

namespace sallyport::gateway {
namespace {

constexpr std::string_view kStatusNames[] = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::string_view kAbortNames[] = {"none", "client_gone", "timeout", "session_ended", "upstream_cut", "shutdown", "error"};
static_assert(std::size(kStatusNames) == kStatusClasses && std::size(kAbortNames) == kAbortReasons);

}  // namespace

StatusClass StatusClassOf(std::uint16_t status) {
  return status < 100 || status > 599 ? StatusClass::kNone : static_cast<StatusClass>(status / 100);
}

void RequestCell::Count(const RequestFigures& figures) {
  statuses_.Add(StatusClassOf(figures.status));
  if (figures.abort != net::AbortReason::kNone) aborts_.Add(figures.abort);
  volume_.Add(Volume::kBytesIn, figures.bytes_in);
  volume_.Add(Volume::kBytesOut, figures.bytes_out);
  if (figures.status != 101) latency_.Observe(figures.micros);
}

RequestRow& RequestMetrics::AddRow(std::string_view route, std::string_view upstream) {
  return rows_.emplace_back(RequestRow{std::string(route), std::string(upstream), std::vector<RequestCell>(workers_)});
}

RequestRow& RequestMetrics::RowFor(std::string_view route, std::string_view upstream) {
  const std::lock_guard lock(mutex_);
  const auto find = [this](std::string_view wanted_route, std::string_view wanted_upstream) {
    return std::ranges::find_if(rows_, [&](const RequestRow& row) { return row.route == wanted_route && row.upstream == wanted_upstream; });
  };
  if (const auto row = find(route, upstream); row != rows_.end()) return *row;
  if (rows_.size() < kMaxRows) return AddRow(route, upstream);
  const auto other = find("other", "other");
  return other != rows_.end() ? *other : AddRow("other", "other");
}

void RequestMetrics::WriteTo(MetricsText& text) const {
  std::uint64_t unreadable = 0;
  for (const auto& cell : unreadable_) unreadable += cell.Get(Unreadable::kHead);
  text.Counter("sallyport_requests_unreadable_total", "Connections that sent no HTTP request that can be understood, or none in time.", unreadable);
  const std::lock_guard lock(mutex_);
  text.Begin("sallyport_requests_total", MetricType::kCounter, "Requests that have ended, by the class of their status; none: cut before an answer was complete.");
  for (const RequestRow& row : rows_) {
    std::array<std::uint64_t, kStatusClasses> totals{};
    for (const RequestCell& cell : row.by_worker) cell.statuses_.AddTo(totals);
    for (std::size_t i = 0; i < totals.size(); ++i) {
      if (totals[i] > 0) text.Sample({{"route", row.route}, {"upstream", row.upstream}, {"status", kStatusNames[i]}}, totals[i]);
    }
  }
  text.Begin("sallyport_requests_aborted_total", MetricType::kCounter, "Requests that were cut, by reason; also counted in sallyport_requests_total.");
  for (const RequestRow& row : rows_) {
    std::array<std::uint64_t, kAbortReasons> totals{};
    for (const RequestCell& cell : row.by_worker) cell.aborts_.AddTo(totals);
    for (std::size_t i = 1; i < totals.size(); ++i) {
      if (totals[i] > 0) text.Sample({{"route", row.route}, {"upstream", row.upstream}, {"reason", kAbortNames[i]}}, totals[i]);
    }
  }
  const auto volume = [&](std::string_view name, std::string_view help, RequestCell::Volume which) {
    text.Begin(name, MetricType::kCounter, help);
    for (const RequestRow& row : rows_) {
      std::uint64_t bytes = 0;
      for (const RequestCell& cell : row.by_worker) bytes += cell.volume_.Get(which);
      text.Sample({{"route", row.route}, {"upstream", row.upstream}}, bytes);
    }
  };
  volume("sallyport_request_body_bytes_total", "Bytes of request bodies.", RequestCell::Volume::kBytesIn);
  volume("sallyport_response_body_bytes_total", "Bytes of answers' bodies.", RequestCell::Volume::kBytesOut);
  text.Begin("sallyport_request_duration_seconds", MetricType::kHistogram, "From a request's head to the end of its answer; tunnels left out.");
  for (const RequestRow& row : rows_) {
    LatencyTotals latency;
    for (const RequestCell& cell : row.by_worker) cell.latency_.AddTo(latency);
    text.Sample({{"route", row.route}, {"upstream", row.upstream}}, latency);
  }
}

}  // namespace sallyport::gateway
