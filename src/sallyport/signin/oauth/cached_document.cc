// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/oauth/cached_document.h"

#include "sallyport/async/spawn.h"
#include "sallyport/base/log.h"
#include "sallyport/signin/errc.h"

namespace sallyport::signin {

struct CachedDocument::State {
  State(DocumentOptions o, Parser p, net::HttpClient& h, const Clock& c) : options(std::move(o)), parse(std::move(p)), http(h), clock(c) {}

  const DocumentOptions options;
  const Parser parse;
  net::HttpClient& http;
  const Clock& clock;

  mutable std::mutex mutex;
  Content copy;
  std::string copy_url;
  std::optional<SteadyTime> fresh_until, usable_until, forced_at;
  std::vector<async::Promise<Content>> waiters;   // of the flight under way

  bool Usable(const std::string& url, SteadyTime now) const { return copy && copy_url == url && now < *usable_until; }

  Task<Content> Fetch(std::string url);
  Result<Content> Settle(const std::string& url, Result<Content> fetched, Duration fresh_for);
};

Task<CachedDocument::Content> CachedDocument::State::Fetch(std::string url) {
  net::OutboundRequest request;
  request.url = url;
  request.headers = {{"Accept", "application/json"}};
  request.timeout = options.timeout;
  request.max_response_bytes = options.max_bytes;
  request.allow_private = options.allow_private;
  const auto response = co_await http.Send(std::move(request));
  if (!response) co_return Settle(url, std::unexpected(response.error()), {});
  if (response->status != 200) co_return Settle(url, Fail(Errc::kProviderTrouble, "status " + std::to_string(response->status) + " at " + url), {});
  co_return Settle(url, parse(response->body), FreshnessOf(response->headers, options.freshness));
}

// What everybody who waits gets.
Result<CachedDocument::Content> CachedDocument::State::Settle(const std::string& url, Result<Content> fetched, Duration fresh_for) {
  const SteadyTime now = clock.Steady();
  const std::lock_guard lock(mutex);
  if (fetched) {
    copy = *fetched;
    copy_url = url;
    fresh_until = now + fresh_for;
    usable_until = *fresh_until + kKeptThroughOutage;
    return fetched;
  }
  const bool have = Usable(url, now);
  log::Warn(have ? "could not be fetched; the last good copy is used" : "could not be fetched",
            {{"what", options.what}, {"url", url}, {"error", fetched.error().ToLogString()}});
  if (!have) return fetched;
  fresh_until = now + kTryAgainAfter;
  return copy;
}

Coroutine<void> CachedDocument::Fly(std::shared_ptr<State> state, std::string url) {
  // Whatever happens, nobody joins a flight that has landed; promises that die unset wake their waiters.
  struct Landing {
    State& state;
    std::vector<async::Promise<Content>> Take() {
      const std::lock_guard lock(state.mutex);
      return std::exchange(state.waiters, {});
    }
    ~Landing() { Take(); }
  } landing{*state};
  const auto result = co_await state->Fetch(std::move(url));
  for (const auto& waiter : landing.Take()) waiter.Set(result);
}

CachedDocument::CachedDocument(DocumentOptions options, Parser parse, net::HttpClient& http, const Clock& clock)
    : state_(std::make_shared<State>(std::move(options), std::move(parse), http, clock)) {}

Task<CachedDocument::Content> CachedDocument::Join(std::string url) {
  auto state = state_;
  const auto executor = co_await async::CurrentExecutor();
  auto [promise, future] = async::MakeCompletion<Content>(executor);
  bool first = false;
  {
    const std::lock_guard lock(state->mutex);
    first = state->waiters.empty();
    state->waiters.push_back(std::move(promise));
  }
  if (first) async::Spawn(executor, Fly(state, std::move(url)), "fetch of a provider's document");
  co_return co_await std::move(future).Wait();
}

Task<CachedDocument::Content> CachedDocument::Get(std::string url) {
  {
    const SteadyTime now = state_->clock.Steady();
    const std::lock_guard lock(state_->mutex);
    if (state_->Usable(url, now) && now < *state_->fresh_until) co_return state_->copy;
  }
  co_return co_await Join(std::move(url));
}

Task<CachedDocument::Content> CachedDocument::GetNewer(std::string url) {
  {
    const SteadyTime now = state_->clock.Steady();
    const std::lock_guard lock(state_->mutex);
    const bool throttled = state_->forced_at && now < *state_->forced_at + kForcedRefetchEvery;
    const bool under_way = !state_->waiters.empty();
    if (throttled && !under_way && state_->Usable(url, now)) co_return state_->copy;
    if (!under_way) state_->forced_at = now;
  }
  co_return co_await Join(std::move(url));
}

CachedDocument::Content CachedDocument::Peek() const {
  const std::lock_guard lock(state_->mutex);
  return state_->copy;
}

}  // namespace sallyport::signin
