// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/limits/admission.h"

#include <gmock/gmock.h>

#include "support/fake_random.h"

namespace sallyport::gateway {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;
using testing::HasSubstr;

const SteadyTime kStart{std::chrono::hours(1)};

http::IpAddress Ip(std::string_view text) { return *http::IpAddress::Parse(text); }

std::string HeaderOf(const Answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (key == name) return value;
  return {};
}

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest() {
    options.upstreams.resize(1);
    options.upstreams[0].net.name = "api";
    options.routes.resize(2);
    options.routes[0].path = "/a";
    options.routes[1].path = "/b/*";
    options.limits.uncounted.clear();
  }
  Admission Make() { return Admission(counts, options, 2); }
  Shed FromAddress(const Admission& admission, std::string_view client, SteadyTime now = kStart) {
    SeatTable::Seat seat;
    return admission.FromAddress(Ip(client), false, now, seat).why;
  }

  test::FakeRandom random;
  AdmissionCounts counts{2, random};
  GatewayOptions options;
};

TEST_F(AdmissionTest, NothingIsLimitedByDefaultButTheWaitForAWorker) {
  const Admission admission = Make();
  SeatTable::Seat seat;
  InFlight::Pass route, upstream;
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(admission.OnArrival(0, 100ms));
    EXPECT_FALSE(admission.FromAddress(Ip("192.0.2.1"), true, kStart, seat));
    EXPECT_FALSE(admission.OnRoute(0, Ip("192.0.2.1"), kStart, route));
    EXPECT_FALSE(admission.ToUpstream(0, upstream));
  }
  EXPECT_EQ(admission.OnArrival(0, 101ms).why, Shed::kWorkerLate);
}

TEST_F(AdmissionTest, AWaitOfZeroIsNoLimit) {
  options.limits.worker_wait = Duration(0);
  EXPECT_FALSE(Make().OnArrival(0, 10s));
}

TEST_F(AdmissionTest, EachWorkerHasItsShareOfTheRequestsUnderWay) {
  options.limits.requests_in_flight = 3;   // two each
  const Admission admission = Make();
  const Admission::Presence first(admission, 0), second(admission, 0);
  EXPECT_FALSE(admission.OnArrival(0, 0ms));
  {
    const Admission::Presence third(admission, 0);
    EXPECT_EQ(admission.OnArrival(0, 0ms).why, Shed::kRequests);
    EXPECT_FALSE(admission.OnArrival(1, 0ms));
  }
  EXPECT_FALSE(admission.OnArrival(0, 0ms));
}

TEST_F(AdmissionTest, S55_RatesCountByAddressAndLeaveOutWhoIsNotCounted) {
  options.limits.requests_per_address_per_second = 1;
  options.limits.request_burst_per_address = 2;
  options.limits.uncounted = {*http::Cidr::Parse("10.0.0.0/8")};
  const Admission admission = Make();
  EXPECT_EQ(FromAddress(admission, "192.0.2.1"), Shed::kNone);
  EXPECT_EQ(FromAddress(admission, "::ffff:192.0.2.1"), Shed::kNone);
  EXPECT_EQ(FromAddress(admission, "192.0.2.1"), Shed::kAddressRate);
  EXPECT_EQ(FromAddress(admission, "192.0.2.2"), Shed::kNone);
  EXPECT_EQ(FromAddress(admission, "192.0.2.1", kStart + 1s), Shed::kNone);
  for (const char* client : {"2001:db8::1", "2001:db8::2"}) EXPECT_EQ(FromAddress(admission, client), Shed::kNone);
  EXPECT_EQ(FromAddress(admission, "2001:db8::3"), Shed::kAddressRate);
  EXPECT_EQ(FromAddress(admission, "2001:db8:0:1::3"), Shed::kNone);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(FromAddress(admission, "10.1.2.3"), Shed::kNone);
}

TEST_F(AdmissionTest, ARoutesRateIsItsOwnAndOutlastsTheConfiguration) {
  options.routes[0].requests_per_address_per_minute = 2;
  const auto ask = [&](const Admission& admission, std::size_t route, SteadyTime now) {
    InFlight::Pass pass;
    return admission.OnRoute(route, Ip("192.0.2.1"), now, pass);
  };
  {
    const Admission admission = Make();
    for (int i = 0; i < 2; ++i) EXPECT_FALSE(ask(admission, 0, kStart));
    for (int i = 0; i < 9; ++i) EXPECT_FALSE(ask(admission, 1, kStart));
  }
  std::swap(options.routes[0], options.routes[1]);
  const Admission admission = Make();
  const ShedVerdict verdict = ask(admission, 1, kStart + 10s);
  EXPECT_EQ(verdict.why, Shed::kRouteRate);
  EXPECT_EQ(verdict.wait, 20s);
  EXPECT_EQ(HeaderOf(admission.Refuse(verdict, false, 0, kStart), "Retry-After"), "20");
  EXPECT_FALSE(ask(admission, 1, kStart + 31s));
}

TEST_F(AdmissionTest, WhatIsUnderWayIsCountedOverWorkersAndReloads) {
  options.upstreams[0].max_in_flight = 2;
  options.routes[1].max_in_flight = 1;
  const Admission admission = Make();
  InFlight::Pass route, first, second, third;
  EXPECT_FALSE(admission.OnRoute(1, Ip("192.0.2.1"), kStart, route));
  EXPECT_EQ(admission.OnRoute(1, Ip("192.0.2.1"), kStart, third).why, Shed::kRoute);
  EXPECT_FALSE(admission.ToUpstream(1, first));
  EXPECT_FALSE(admission.ToUpstream(0, second));
  EXPECT_EQ(admission.ToUpstream(0, third).why, Shed::kUpstream);
  EXPECT_EQ(admission.OnRoute(0, Ip("192.0.2.1"), kStart, third).why, Shed::kUpstream) << "before anything is done in vain";

  const Admission again = Make();
  EXPECT_EQ(again.ToUpstream(0, third).why, Shed::kUpstream) << "those from before a reload are still there";
  first.Leave();
  EXPECT_FALSE(again.ToUpstream(0, third));

  options.upstreams[0].max_in_flight = 0;
  const Admission unlimited = Make();
  InFlight::Pass more[4];
  for (auto& pass : more) EXPECT_FALSE(unlimited.ToUpstream(0, pass));
}

TEST_F(AdmissionTest, RequestsAtOnceOfAClientAreCountedBehindAProxyOnly) {
  options.limits.requests_of_address_in_flight = 1;
  const Admission admission = Make();
  SeatTable::Seat first, second, direct;
  EXPECT_FALSE(admission.FromAddress(Ip("192.0.2.1"), true, kStart, first));
  EXPECT_EQ(admission.FromAddress(Ip("192.0.2.1"), true, kStart, second).why, Shed::kAddressRequests);
  EXPECT_FALSE(admission.FromAddress(Ip("192.0.2.1"), false, kStart, direct)) << "its connections are counted elsewhere";
  first.Leave();
  EXPECT_FALSE(admission.FromAddress(Ip("192.0.2.1"), true, kStart, second));
}

TEST_F(AdmissionTest, PeopleGetAPageAndProgramsAProblem) {
  const Admission admission = Make();
  const Answer page = admission.Refuse({Shed::kWorkerLate}, true, 0, kStart);
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.content_type, HasSubstr("text/html"));
  EXPECT_EQ(HeaderOf(page, "Retry-After"), "1");
  const Answer problem = admission.Refuse({Shed::kAddressRate, 2500ms}, false, 1, kStart);
  EXPECT_EQ(problem.status, 429);
  EXPECT_THAT(problem.body, HasSubstr("too_many_requests"));
  EXPECT_EQ(HeaderOf(problem, "Retry-After"), "3");
  MetricsText text;
  counts.WriteTo(text);
  const std::string metrics = text.Take();
  EXPECT_THAT(metrics, HasSubstr("sallyport_requests_shed_total{limit=\"worker_late\"} 1\n"));
  EXPECT_THAT(metrics, HasSubstr("sallyport_requests_shed_total{limit=\"address_rate\"} 1\n"));
}

}  // namespace
}  // namespace sallyport::gateway
