// SPDX-License-Identifier: Apache-2.0
// Sends spans to an OpenTelemetry collector (OTLP/HTTP, JSON), in batches and off the hot path.
//
// Each worker puts spans into a buffer of its own, whose lock it shares with the exporter's thread only; that thread makes the
// JSON and has worker 0's HTTP client send it, one batch at a time. Bounded: what does not fit while the collector is slow is
// dropped and counted, never waited for; a batch that the collector does not take is dropped too.
#pragma once

#include <cstdint>
#include <memory>

#include "sallyport/async/worker_set.h"
#include "sallyport/gateway/options.h"
#include "sallyport/gateway/tracing/span_json.h"
#include "sallyport/net/http_client.h"

namespace sallyport::gateway {

enum class SpanOutcome : std::uint8_t { kExported, kDropped, kFailed };
using SpanCounters = SharedCounters<SpanOutcome, 3>;

class SpanExporter {
 public:
  static constexpr std::size_t kMaxWaiting = 4096;   // a worker
  static constexpr std::size_t kMaxBatch = 512;

  // `http` and `workers` outlive it; Stop before the workers stop.
  SpanExporter(TracingOptions options, async::WorkerSet& workers, net::HttpClient& http);
  ~SpanExporter();

  int sample_percent() const;
  // On that worker.
  void Put(std::size_t worker, const Span& span);
  // Tries once more to send what waits, briefly. Idempotent.
  void Stop();
  const SpanCounters& counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport::gateway
