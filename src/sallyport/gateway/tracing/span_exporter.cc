// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/tracing/span_exporter.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "sallyport/async/spawn.h"
#include "sallyport/base/log.h"

namespace sallyport::gateway {
namespace {

constexpr std::chrono::seconds kFlush{1};
constexpr Duration kTimeout{5'000};
constexpr Duration kLastTimeout{1'000};

// Owns what it works with: the exporter may have given up waiting.
Coroutine<void> Post(net::HttpClient& http, net::OutboundRequest request, std::shared_ptr<std::promise<bool>> taken) {
  const auto response = co_await http.Send(std::move(request));
  taken->set_value(response && response->status >= 200 && response->status < 300);
}

}  // namespace

struct SpanExporter::State {
  struct alignas(64) Buffer {
    std::mutex mutex;
    std::vector<Span> spans;
  };

  State(TracingOptions o, async::WorkerSet& w, net::HttpClient& h) : options(std::move(o)), workers(w), http(h), buffers(w.size()) {
    for (Buffer& buffer : buffers) buffer.spans.reserve(kMaxWaiting);
    spare.reserve(kMaxWaiting);
  }

  const TracingOptions options;
  async::WorkerSet& workers;
  net::HttpClient& http;
  SpanCounters counts;
  std::vector<Buffer> buffers;
  std::vector<Span> spare;   // the thread's
  bool trouble = false;      // the thread's: said already
  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false, full = false;
  std::thread thread;

  bool Send(std::span<const Span> spans, Duration timeout) {
    net::OutboundRequest request;
    request.method = "POST";
    request.url = options.endpoint;
    request.headers = {{"Content-Type", "application/json"}};
    request.body = SpansToJson(spans, options.service_name);
    request.timeout = timeout;
    request.allow_private = true;   // the operator named it
    auto taken = std::make_shared<std::promise<bool>>();
    auto answer = taken->get_future();
    const Executor executor = workers.executor(0);
    async::Spawn(executor, Post(http, std::move(request), std::move(taken)), "span export");
    if (answer.wait_for(timeout + kTimeout) != std::future_status::ready) return false;
    try {
      return answer.get();
    } catch (const std::future_error&) {
      return false;   // the worker has stopped
    }
  }

  void SendAll(Duration timeout) {
    for (Buffer& buffer : buffers) {
      {
        const std::lock_guard lock(buffer.mutex);
        std::swap(buffer.spans, spare);
      }
      for (std::span<const Span> rest = spare; !rest.empty();) {
        const auto batch = rest.first(std::min(rest.size(), kMaxBatch));
        const bool taken = Send(batch, timeout);
        counts.Add(taken ? SpanOutcome::kExported : SpanOutcome::kFailed, batch.size());
        if (!taken && !trouble) log::Warn("the collector at tracing.endpoint does not take spans");
        trouble = !taken;
        rest = rest.subspan(batch.size());
      }
      spare.clear();
    }
  }

  void Loop() {
    pthread_setname_np(pthread_self(), "span-exporter");
    std::unique_lock lock(mutex);
    while (!stop) {
      wake.wait_for(lock, kFlush, [this] { return stop || full; });
      full = false;
      if (stop) break;
      lock.unlock();
      SendAll(kTimeout);
      lock.lock();
    }
    lock.unlock();
    SendAll(kLastTimeout);
  }
};

SpanExporter::SpanExporter(TracingOptions options, async::WorkerSet& workers, net::HttpClient& http)
    : state_(std::make_unique<State>(std::move(options), workers, http)) {
  state_->thread = std::thread([state = state_.get()] { state->Loop(); });
}

SpanExporter::~SpanExporter() { Stop(); }

int SpanExporter::sample_percent() const { return state_->options.sample_percent; }

const SpanCounters& SpanExporter::counts() const { return state_->counts; }

void SpanExporter::Put(std::size_t worker, const Span& span) {
  State::Buffer& buffer = state_->buffers[worker];
  bool ready = false;
  {
    const std::lock_guard lock(buffer.mutex);
    if (buffer.spans.size() >= kMaxWaiting) {
      state_->counts.Add(SpanOutcome::kDropped);
      return;
    }
    buffer.spans.push_back(span);
    ready = buffer.spans.size() == kMaxBatch;
  }
  if (!ready) return;
  {
    const std::lock_guard lock(state_->mutex);
    state_->full = true;
  }
  state_->wake.notify_one();
}

void SpanExporter::Stop() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_one();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace sallyport::gateway
