// SPDX-License-Identifier: Apache-2.0
// Accepts connections on every worker (one listener each, SO_REUSEPORT) and runs their exchanges.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "sallyport/async/worker_set.h"
#include "sallyport/net/exchange.h"
#include "sallyport/net/inherited.h"
#include "sallyport/net/options.h"

namespace sallyport::net {

class Server {
 public:
  // `handler_of(worker)` gives each worker's handler; handlers, workers and clock outlive the server.
  Server(const ServerOptions& options, async::WorkerSet& workers, std::function<ExchangeHandler&(std::size_t)> handler_of,
         const Clock& clock);
  ~Server();

  // Binds and listens on every address that was not inherited, on the calling thread: an address in use is an error here, with
  // a sentence. Of several inherited sockets for one address each worker accepts from its share, so that none is left alone.
  Result<void> Start(InheritedListeners& inherited);
  Result<void> Start() {
    InheritedListeners none;
    return Start(none);
  }
  // The sockets that it listens on, for a process that takes over (dup them): they stay open here until Drain.
  std::vector<int> listeners() const;
  // Limits and time-outs from now on, for connections that are open too; `listen` is not looked at. Blocks; not on a worker.
  void SetOptions(const ServerOptions& options);
  // Port of listen[i] after Start.
  std::uint16_t port(std::size_t i = 0) const;

  // Drain: stops accepting, closes idle connections, lets exchanges in flight finish until `limit`, then aborts the rest.
  // Blocks the calling (non-worker) thread.
  void Drain(Duration limit);
  // The same when another process accepts from the same sockets already: idle connections may send one more request, whose
  // answer says that it is the last, so that none is lost to a close that crosses it; socket files stay.
  void DrainAfterHandOver(Duration limit);
  std::size_t connections() const;
  // Since the start, all workers together; on any thread.
  struct Counts {
    std::uint64_t accepted = 0;
    // Turned away:
    std::uint64_t too_many = 0;              // beyond max_connections
    std::uint64_t too_many_of_address = 0;   // beyond max_connections_per_address
    std::uint64_t no_descriptor = 0;         // the process had none left
  };
  Counts counts() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sallyport::net
