// SPDX-License-Identifier: Apache-2.0
// A document that a provider publishes (discovery metadata, key set), fetched when it is needed and kept.
//
// Kept as long as its answer allows, within bounds. One fetch at a time however many ask, on every worker. When a fetch fails,
// the last good copy serves for kKeptThroughOutage more (and the next try waits kTryAgainAfter); without one, the failure is
// the answer. Bounded in size and time, without redirects, to public addresses unless `allow_private` (S32, S37).
// Thread-safe; call it on a worker. What is passed to the constructor must outlive it and its flights.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/base/clock.h"
#include "sallyport/net/http_client.h"
#include "sallyport/signin/oauth/freshness.h"

namespace sallyport::signin {

inline constexpr Duration kKeptThroughOutage = std::chrono::hours(24);
inline constexpr Duration kTryAgainAfter = std::chrono::seconds(10);
inline constexpr Duration kForcedRefetchEvery = std::chrono::minutes(1);

struct DocumentOptions {
  std::string what;                // for the log: "discovery of google"
  FreshnessBounds freshness;
  Duration timeout = std::chrono::seconds(5);
  std::size_t max_bytes = 256 * 1024;
  bool allow_private = false;
};

// Untyped: `Content` is what the parser made of the body.
class CachedDocument {
 public:
  using Content = std::shared_ptr<const void>;
  using Parser = std::function<Result<Content>(std::string_view body)>;

  CachedDocument(DocumentOptions options, Parser parse, net::HttpClient& http, const Clock& clock);

  // Errors: the HTTP client's, the parser's, Errc::kProviderTrouble for a status other than 200.
  Task<Content> Get(std::string url);
  // Fetched anew although the copy is fresh, unless that was done less than kForcedRefetchEvery ago: then the copy (S32).
  Task<Content> GetNewer(std::string url);
  // The last good copy, or null. Never fetches.
  Content Peek() const;

 private:
  struct State;
  static Coroutine<void> Fly(std::shared_ptr<State> state, std::string url);
  Task<Content> Join(std::string url);
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::signin
