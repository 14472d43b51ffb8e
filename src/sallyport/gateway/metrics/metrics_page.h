// SPDX-License-Identifier: Apache-2.0
// Everything that GET /metrics of the admin listener says, in the Prometheus text format; docs/operations.md is the list.
//
// No secret, no id, no address of a client and nothing that a client has sent is in it (S62): labels are names from the
// configuration and words of the program.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sallyport/gateway/access_log.h"
#include "sallyport/gateway/limits/admission.h"
#include "sallyport/gateway/metrics/event_counts.h"
#include "sallyport/gateway/metrics/request_metrics.h"
#include "sallyport/gateway/service_snapshot.h"
#include "sallyport/gateway/tracing/span_exporter.h"
#include "sallyport/net/server.h"
#include "sallyport/net/upstream_pool.h"

namespace sallyport::gateway {

enum class ReloadOutcome : std::uint8_t { kApplied, kRefused };
using ReloadCounters = SharedCounters<ReloadOutcome, 2>;

struct MetricsSources {
  std::shared_ptr<ServiceSnapshot> snapshot;
  const signin::RefreshCounters& refreshes;            // of the back end's tokens
  const signin::RefreshCounters& provider_refreshes;
  const ReloadCounters& reloads;
  const RequestMetrics& requests;
  const AdmissionCounts& admission;
  const EventCounts& events;
  const net::Server& server;
  const AccessLog* access_log = nullptr;   // null: off
  const SpanExporter* spans = nullptr;     // null: off
  // The pools of a worker, one for each upstream; called on that worker.
  std::function<const std::vector<std::shared_ptr<net::UpstreamPool>>&(std::size_t worker)> pools;
};

// On a worker; asks the others for what only they may look at.
Coroutine<std::string> WriteMetricsPage(MetricsSources sources);

}  // namespace sallyport::gateway
