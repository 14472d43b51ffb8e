// SPDX-License-Identifier: Apache-2.0
// An outbound HTTP client that answers from a function and keeps what it was asked. Suspends once before it answers, as a
// real one does. Thread-safe.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "sallyport/async/completion.h"
#include "sallyport/async/spawn.h"
#include "sallyport/net/http_client.h"

namespace sallyport::test {

class FakeHttpClient final : public net::HttpClient {
 public:
  using Answer = std::function<Result<net::OutboundResponse>(const net::OutboundRequest&)>;

  void Respond(Answer answer) { answer_ = std::move(answer); }
  void Respond(long status, std::string body) {
    answer_ = [status, body](const net::OutboundRequest&) -> Result<net::OutboundResponse> {
      net::OutboundResponse response;
      response.status = status;
      response.body = body;
      return response;
    };
  }
  std::vector<net::OutboundRequest> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  Task<net::OutboundResponse> Send(net::OutboundRequest request) override {
    auto [promise, future] = async::MakeCompletion<void>(co_await async::CurrentExecutor());
    const Executor executor = co_await async::CurrentExecutor();
    executor.Post([promise = promise] { promise.Set({}); });
    (void)co_await std::move(future).Wait();
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    co_return answer_(request);
  }

 private:
  mutable std::mutex mutex_;
  Answer answer_;
  std::vector<net::OutboundRequest> requests_;
};

}  // namespace sallyport::test
