// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/limits/admission.h"

#include <algorithm>

#include "sallyport/base/log.h"
#include "sallyport/gateway/pages/page.h"

namespace sallyport::gateway {
namespace {

constexpr std::size_t kAddresses = 262'144;
constexpr std::string_view kShedNames[] = {"none",  "worker_late",  "requests_in_flight", "upstream_in_flight",
                                           "route_in_flight", "address_rate", "route_rate", "address_in_flight"};
static_assert(std::size(kShedNames) == kShedKinds);
constexpr std::string_view kBusy = "Too much is going on right now";
constexpr std::string_view kThrottled = "Too many requests from your network";

bool IsRate(Shed why) { return why == Shed::kAddressRate || why == Shed::kRouteRate || why == Shed::kAddressRequests; }

// Each worker's share, so that nothing is counted across them.
std::uint32_t ShareOf(std::uint32_t limit, std::size_t workers) {
  return limit == 0 ? 0 : static_cast<std::uint32_t>((limit + workers - 1) / workers);
}

}  // namespace

AdmissionCounts::AdmissionCounts(std::size_t workers, Random& random) : hash_(random), workers_(workers) {}

InFlight& AdmissionCounts::Of(std::string_view name) {
  const auto found = std::ranges::find_if(named_, [&](const Named& one) { return one.name == name; });
  if (found != named_.end()) return found->in_flight;
  Named& made = named_.emplace_back();
  made.name = name;
  return made.in_flight;
}

void AdmissionCounts::CountShed(std::size_t worker, Shed why, SteadyTime now) {
  workers_[worker].shed.Add(why);
  if (const auto times = paces_[static_cast<std::size_t>(why)].Count(now); times > 0) {
    log::Warn("requests are refused", {{"limit", kShedNames[static_cast<std::size_t>(why)]}, {"times", times}});
  }
}

void AdmissionCounts::WriteTo(MetricsText& text) const {
  std::array<std::uint64_t, kShedKinds> totals{};
  for (const PerWorker& worker : workers_) worker.shed.AddTo(totals);
  text.Begin("sallyport_requests_shed_total", MetricType::kCounter, "Requests that were refused unjudged, by the limit that they met.");
  for (std::size_t i = 1; i < kShedKinds; ++i) text.Sample({{"limit", kShedNames[i]}}, totals[i]);
  const std::lock_guard lock(mutex_);
  text.Begin("sallyport_in_flight", MetricType::kGauge, "Requests under way that a limit of an upstream or a route counts.");
  for (const Named& one : named_) text.Sample({{"of", one.name}}, std::uint64_t{one.in_flight.count()});
  text.Begin("sallyport_in_flight_limit", MetricType::kGauge, "How many there may be; 0: no limit any more.");
  for (const Named& one : named_) text.Sample({{"of", one.name}}, std::uint64_t{one.in_flight.most()});
}

Admission::Admission(AdmissionCounts& counts, const GatewayOptions& options, std::size_t workers)
    : counts_(counts),
      worker_wait_(options.limits.worker_wait),
      in_flight_(ShareOf(options.limits.requests_in_flight, workers)),
      requests_of_address_(options.limits.requests_of_address_in_flight),
      address_rate_(RateRule::Of(options.limits.requests_per_address_per_second, std::chrono::seconds(1), options.limits.request_burst_per_address)),
      uncounted_(options.limits.uncounted),
      busy_page_(RenderErrorPage(options.pages, 503, kBusy, {})),
      throttled_page_(RenderErrorPage(options.pages, 429, kThrottled, {})) {
  const std::lock_guard lock(counts_.mutex_);
  // What this configuration does not limit any more.
  for (auto& one : counts_.named_) one.in_flight.SetMost(0);
  bool any_rate = address_rate_.limited();
  for (const Route& route : options.routes) {
    OfRoute& rules = routes_.emplace_back();
    const UpstreamPolicy& upstream = options.upstreams[route.upstream];
    if (route.max_in_flight != 0) (rules.in_flight = &counts_.Of(route.path))->SetMost(route.max_in_flight);
    if (upstream.max_in_flight != 0) (rules.upstream = &counts_.Of(upstream.net.name))->SetMost(upstream.max_in_flight);
    rules.rate = RateRule::Of(route.requests_per_address_per_minute, std::chrono::minutes(1), route.requests_per_address_per_minute);
    rules.scope = counts_.hash_.ScopeOf(route.path);
    any_rate = any_rate || rules.rate.limited();
  }
  if (any_rate && !counts_.rates_) counts_.rates_ = std::make_unique<RateTable>(kAddresses);
  if (requests_of_address_ != 0 && !counts_.seats_) counts_.seats_ = std::make_unique<SeatTable>(kAddresses);
}

ShedVerdict Admission::OnArrival(std::size_t worker, std::chrono::nanoseconds waited) const {
  if (worker_wait_.count() != 0 && waited > worker_wait_) return {Shed::kWorkerLate};
  if (in_flight_ != 0 && counts_.workers_[worker].in_flight > in_flight_) return {Shed::kRequests};
  return {};
}

ShedVerdict Admission::FromAddress(const http::IpAddress& client, bool through_proxy, SteadyTime now, SeatTable::Seat& seat) const {
  const bool by_rate = address_rate_.limited();
  const bool at_once = requests_of_address_ != 0 && through_proxy;
  if ((!by_rate && !at_once) || !Counts(client)) return {};
  const std::uint64_t key = counts_.hash_.Of(client);
  if (by_rate) {
    if (const auto wait = counts_.rates_->Admit(key, address_rate_, now); wait.count() > 0) return {Shed::kAddressRate, wait};
  }
  if (at_once && !counts_.seats_->Take(key, requests_of_address_, seat)) return {Shed::kAddressRequests};
  return {};
}

ShedVerdict Admission::OnRoute(std::size_t route, const http::IpAddress& client, SteadyTime now, InFlight::Pass& pass) const {
  const OfRoute& rules = routes_[route];
  if (rules.rate.limited() && Counts(client)) {
    const auto wait = counts_.rates_->Admit(counts_.hash_.Of(client, rules.scope), rules.rate, now);
    if (wait.count() > 0) return {Shed::kRouteRate, wait};
  }
  if (rules.upstream != nullptr && rules.upstream->Full()) return {Shed::kUpstream};
  if (rules.in_flight != nullptr && !rules.in_flight->Enter(pass)) return {Shed::kRoute};
  return {};
}

ShedVerdict Admission::ToUpstream(std::size_t route, InFlight::Pass& pass) const {
  InFlight* const upstream = routes_[route].upstream;
  if (upstream != nullptr && !upstream->Enter(pass)) return {Shed::kUpstream};
  return {};
}

Answer Admission::Refuse(const ShedVerdict& verdict, bool html, std::size_t worker, SteadyTime now) const {
  counts_.CountShed(worker, verdict.why, now);
  const bool rate = IsRate(verdict.why);
  const std::uint16_t status = rate ? 429 : 503;
  Answer answer = html ? Answer::Html(status, rate ? throttled_page_ : busy_page_)
                       : Answer::Problem(status, rate ? "too_many_requests" : "overloaded", rate ? kThrottled : kBusy);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(verdict.wait).count();
  answer.WithHeader("Retry-After", std::to_string(std::max<std::int64_t>(seconds, 1)));
  return answer;
}

}  // namespace sallyport::gateway
