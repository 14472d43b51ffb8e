// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/metrics/metrics_page.h"

#include "sallyport/async/worker_set.h"
#include "sallyport/base/version.h"
#include "sallyport/gateway/metrics/process_metrics.h"
#include "sallyport/identity/password_hasher.h"
#include "sallyport/session/session_service.h"
#include "sallyport/signin/oauth/provider_access.h"

namespace sallyport::gateway {
namespace {

struct PoolFigures {
  std::string upstream, address;
  std::uint64_t open = 0, idle = 0;
  bool healthy = true;
};

// What one worker alone may look at.
struct WorkerFigures {
  std::vector<PoolFigures> pools;
  std::size_t cached_sessions = 0;
};

std::string NameOf(const net::UpstreamOptions::Address& address) {
  return address.unix_path.empty() ? address.host + ":" + std::to_string(address.port) : "unix:" + address.unix_path;
}

WorkerFigures LookAt(const MetricsSources& sources, std::size_t worker) {
  WorkerFigures figures;
  figures.cached_sessions = sources.snapshot->services().sessions.cache(worker).size();
  for (const auto& pool : sources.pools(worker)) {
    const auto& options = pool->options();
    for (std::size_t i = 0; i < options.addresses.size(); ++i) {
      figures.pools.push_back({options.name, NameOf(options.addresses[i]), pool->open_connections(i), pool->idle_connections(i), pool->IsHealthy(i)});
    }
  }
  return figures;
}

WorkerFigures Sum(const std::vector<WorkerFigures>& workers) {
  WorkerFigures sum = workers.front();
  for (std::size_t w = 1; w < workers.size(); ++w) {
    sum.cached_sessions += workers[w].cached_sessions;
    for (std::size_t i = 0; i < std::min(sum.pools.size(), workers[w].pools.size()); ++i) {
      sum.pools[i].open += workers[w].pools[i].open;
      sum.pools[i].idle += workers[w].pools[i].idle;
    }
  }
  return sum;
}

void WriteConnections(MetricsText& text, const net::Server& server) {
  const auto counts = server.counts();
  text.Gauge("sallyport_connections", "Connections of clients that are open.", static_cast<double>(server.connections()));
  text.Counter("sallyport_connections_accepted_total", "Connections of clients that were accepted.", counts.accepted);
  text.Begin("sallyport_connections_refused_total", MetricType::kCounter, "Connections that were turned away, by the limit that they met.");
  text.Sample({{"limit", "connections"}}, counts.too_many);
  text.Sample({{"limit", "connections_per_address"}}, counts.too_many_of_address);
  text.Sample({{"limit", "descriptors"}}, counts.no_descriptor);
}

void WriteUpstreams(MetricsText& text, const std::vector<PoolFigures>& pools) {
  text.Begin("sallyport_upstream_connections", MetricType::kGauge, "Connections to upstreams.");
  for (const auto& pool : pools) {
    text.Sample({{"upstream", pool.upstream}, {"address", pool.address}, {"state", "busy"}}, pool.open - pool.idle);
    text.Sample({{"upstream", pool.upstream}, {"address", pool.address}, {"state", "idle"}}, pool.idle);
  }
  text.Begin("sallyport_upstream_healthy", MetricType::kGauge, "1 while the address is in turn, 0 while it is out after failures.");
  for (const auto& pool : pools) text.Sample({{"upstream", pool.upstream}, {"address", pool.address}}, std::uint64_t{pool.healthy});
}

void WriteSessions(MetricsText& text, const session::SessionTotals& counts, std::size_t cached) {
  using session::SessionCounter;
  const auto count = [&](SessionCounter which) { return counts[static_cast<std::size_t>(which)]; };
  text.Counter("sallyport_sessions_created_total", "Sessions that sign-ins began.", count(SessionCounter::kCreated));
  text.Gauge("sallyport_session_cache_entries", "Sessions in the workers' caches.", static_cast<double>(cached));
  text.Begin("sallyport_session_cache_lookups_total", MetricType::kCounter, "Session cookies looked up: hit, miss (the store was asked), unknown.");
  text.Sample({{"result", "hit"}}, count(SessionCounter::kCacheHit));
  text.Sample({{"result", "miss"}}, count(SessionCounter::kCacheMiss));
  text.Sample({{"result", "unknown"}}, count(SessionCounter::kCacheUnknown));
}

// `expired`: those that the store has swept.
void WriteEndedSessions(MetricsText& text, const session::SessionTotals& counts, std::uint64_t expired) {
  text.Begin("sallyport_sessions_ended_total", MetricType::kCounter, "Sessions that this process ended, by reason.");
  for (std::size_t i = 0; i < session::kEndReasons; ++i) {
    const auto reason = static_cast<model::EndReason>(i);
    const auto swept = reason == model::EndReason::kExpired ? expired : 0;
    text.Sample({{"reason", model::NameOf(reason)}}, counts[static_cast<std::size_t>(session::EndedBy(reason))] + swept);
  }
}

void WriteStore(MetricsText& text, const store::StoreStatistics& store) {
  text.Gauge("sallyport_sessions_live", "Sessions in the store whose time is not over.", static_cast<double>(store.sessions_live));
  text.Begin("sallyport_mail_queue", MetricType::kGauge, "Mails in the store, by state.");
  text.Sample({{"state", "queued"}}, store.mails_queued);
  text.Sample({{"state", "failed"}}, store.mails_failed);
  text.Begin("sallyport_store_read_duration_seconds", MetricType::kHistogram, "Reads of the store, waiting included.");
  text.Sample({}, store.reads);
  text.Begin("sallyport_store_commit_duration_seconds", MetricType::kHistogram, "Group commits of the store, from begun to durable.");
  text.Sample({}, store.commits);
  text.Counter("sallyport_store_commands_total", "Changes written to the store.", store.commands_written);
  text.Counter("sallyport_store_failed_commits_total", "Group commits that failed.", store.batches_failed);
  text.Gauge("sallyport_store_writes_waiting", "Changes that wait for the writer.", static_cast<double>(store.writes_waiting));
}

void WriteRefreshes(MetricsText& text, std::string_view of, const signin::RefreshCounters& refreshes) {
  text.Sample({{"of", of}, {"outcome", "refreshed"}}, refreshes.Get(signin::RefreshOutcome::kRefreshed));
  text.Sample({{"of", of}, {"outcome", "refused"}}, refreshes.Get(signin::RefreshOutcome::kRefused));
  text.Sample({{"of", of}, {"outcome", "unavailable"}}, refreshes.Get(signin::RefreshOutcome::kUnavailable));
}

void WriteSignin(MetricsText& text, const Services& services, const MetricsSources& sources) {
  text.Gauge("sallyport_password_hashing_pending", "Password checks that wait or are under way.", static_cast<double>(services.hasher.pending()));
  text.Counter("sallyport_password_hashing_shed_total", "Password checks refused because too many were waiting.", services.hasher.shed());
  text.Begin("sallyport_token_refreshes_total", MetricType::kCounter, "Refreshes of the back end's and the providers' tokens, by outcome.");
  WriteRefreshes(text, "backend", sources.refreshes);
  if (services.oauth) WriteRefreshes(text, "provider", sources.provider_refreshes);
}

}  // namespace

Coroutine<std::string> WriteMetricsPage(MetricsSources sources) {
  const Services& services = sources.snapshot->services();
  auto figures = std::make_shared<std::vector<WorkerFigures>>(services.workers.size());
  std::function<void(std::size_t)> look = [sources, figures](std::size_t worker) { (*figures)[worker] = LookAt(sources, worker); };
  (void)co_await services.workers.OnAll(std::move(look));
  const WorkerFigures workers = Sum(*figures);
  const auto store = co_await services.store.Statistics(services.clock.Now());
  const auto sessions = services.sessions.counts();

  MetricsText text;
  text.Begin("sallyport_build_info", MetricType::kGauge, "Always 1; the label says which version runs.");
  text.Sample({{"version", kVersion}}, std::uint64_t{1});
  text.Gauge("sallyport_workers", "Worker threads.", static_cast<double>(services.workers.size()));
  sources.requests.WriteTo(text);
  sources.admission.WriteTo(text);
  WriteConnections(text, sources.server);
  WriteUpstreams(text, workers.pools);
  WriteSessions(text, sessions, workers.cached_sessions);
  text.Gauge("sallyport_store_up", "1 when the store answered just now.", store ? 1 : 0);
  // Without an answer its counters are left out: a gap is told from a zero.
  if (store) {
    WriteEndedSessions(text, sessions, store->expired_sessions);
    WriteStore(text, *store);
  }
  sources.events.WriteTo(text);
  WriteSignin(text, services, sources);
  text.Counter("sallyport_access_lines_dropped_total", "Access lines that were not written because the log lagged.",
               sources.access_log ? sources.access_log->dropped() : 0);
  text.Begin("sallyport_trace_spans_total", MetricType::kCounter, "Spans for the trace collector: exported, dropped (too many waited), failed (it did not take them).");
  const auto spans = [&](SpanOutcome outcome) { return sources.spans ? sources.spans->counts().Get(outcome) : 0; };
  text.Sample({{"outcome", "exported"}}, spans(SpanOutcome::kExported));
  text.Sample({{"outcome", "dropped"}}, spans(SpanOutcome::kDropped));
  text.Sample({{"outcome", "failed"}}, spans(SpanOutcome::kFailed));
  text.Begin("sallyport_config_reloads_total", MetricType::kCounter, "Reloads of the configuration, by outcome.");
  text.Sample({{"outcome", "applied"}}, sources.reloads.Get(ReloadOutcome::kApplied));
  text.Sample({{"outcome", "refused"}}, sources.reloads.Get(ReloadOutcome::kRefused));
  WriteProcessMetrics(text);
  co_return text.Take();
}

}  // namespace sallyport::gateway
