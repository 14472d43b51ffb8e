// SPDX-License-Identifier: Apache-2.0
// Whether a request may go on: what the process has to do already, and what one client address may ask of it.
//
// AdmissionCounts lasts as long as the process, so that a reload forgets nothing that was counted. Admission is one
// configuration's rules upon it. Judging takes no lock, allocates nothing, and costs a comparison for each limit that is not
// set. Addresses count by S55 (IPv6 by /64, IPv4-mapped as IPv4).
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "sallyport/base/log_pace.h"
#include "sallyport/base/metrics.h"
#include "sallyport/base/metrics_text.h"
#include "sallyport/base/rate_table.h"
#include "sallyport/base/seat_table.h"
#include "sallyport/gateway/answer.h"
#include "sallyport/gateway/limits/in_flight.h"
#include "sallyport/gateway/options.h"
#include "sallyport/http/address_hash.h"
#include "sallyport/http/forwarded.h"

namespace sallyport::gateway {

enum class Shed : std::uint8_t {
  kNone,
  kWorkerLate,       // 503: those before it have waited for longer than limits.worker_wait
  kRequests,         // 503: limits.requests_in_flight
  kUpstream,         // 503: upstream.NAME.max_in_flight
  kRoute,            // 503: route.max_in_flight
  kAddressRate,      // 429: limits.requests_per_address_per_second
  kRouteRate,        // 429: route.requests_per_address_per_minute
  kAddressRequests,  // 429: limits.connections_per_address, of requests that a trusted proxy brings
};
inline constexpr std::size_t kShedKinds = 8;

struct ShedVerdict {
  Shed why = Shed::kNone;
  std::chrono::nanoseconds wait{0};   // of a rate: until there is room
  explicit operator bool() const { return why != Shed::kNone; }
};

// Thread-safe.
class AdmissionCounts {
 public:
  AdmissionCounts(std::size_t workers, Random& random);

  void CountShed(std::size_t worker, Shed why, SteadyTime now);
  void WriteTo(MetricsText& text) const;

 private:
  friend class Admission;
  struct Named {
    std::string name;
    InFlight in_flight;
  };
  // One worker's, in lines of the cache of its own.
  struct alignas(64) PerWorker {
    std::uint32_t in_flight = 0;
    CounterSet<Shed, kShedKinds> shed;
  };
  // `name` tells upstreams and routes apart: the latter begin with "/".
  InFlight& Of(std::string_view name);

  const http::AddressHash hash_;
  std::vector<PerWorker> workers_;
  std::array<log::Pace, kShedKinds> paces_;
  mutable std::mutex mutex_;           // of what follows; never taken by a request
  std::deque<Named> named_;            // stay where they are
  std::unique_ptr<RateTable> rates_;   // made when a rate is configured first
  std::unique_ptr<SeatTable> seats_;   // likewise
};

class Admission {
 public:
  // Puts the limits of `options` into `counts`, which outlives it.
  Admission(AdmissionCounts& counts, const GatewayOptions& options, std::size_t workers);

  // A request that is under way on `worker`, shed or not.
  class Presence {
   public:
    Presence(const Admission& admission, std::size_t worker) : count_(admission.counts_.workers_[worker].in_flight) { ++count_; }
    ~Presence() { --count_; }
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;

   private:
    std::uint32_t& count_;
  };

  // First of all, with nothing known but that there is a request. `waited`: how long it may have waited for its worker.
  ShedVerdict OnArrival(std::size_t worker, std::chrono::nanoseconds waited) const;
  // `through_proxy`: a trusted proxy has brought it, so that its client's connections are not counted by anybody else; `seat`
  // is then held as long as it is under way.
  ShedVerdict FromAddress(const http::IpAddress& client, bool through_proxy, SteadyTime now, SeatTable::Seat& seat) const;
  // Before session, policy and body are looked at; `pass` is held as long as it is under way.
  ShedVerdict OnRoute(std::size_t route, const http::IpAddress& client, SteadyTime now, InFlight::Pass& pass) const;
  // When it is about to be sent there.
  ShedVerdict ToUpstream(std::size_t route, InFlight::Pass& pass) const;

  // 503 or 429 with Retry-After: a small page for people, a problem document for programs. Counts and logs.
  Answer Refuse(const ShedVerdict& verdict, bool html, std::size_t worker, SteadyTime now) const;

 private:
  struct OfRoute {
    InFlight* in_flight = nullptr;     // null: no limit
    InFlight* upstream = nullptr;      // likewise
    RateRule rate;
    std::uint64_t scope = 0;
  };
  bool Counts(const http::IpAddress& client) const { return !uncounted_.Contains(client); }

  AdmissionCounts& counts_;
  const std::chrono::nanoseconds worker_wait_;   // 0: no limit
  const std::uint32_t in_flight_;                // per worker; 0: no limit
  const std::uint32_t requests_of_address_;      // at once, through trusted proxies; 0: no limit
  const RateRule address_rate_;
  const http::TrustedProxies uncounted_;
  std::vector<OfRoute> routes_;
  const std::string busy_page_, throttled_page_;
};

}  // namespace sallyport::gateway
