// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/metrics_text.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(MetricsText, AFamilyIsNamedOnceAndItsSamplesFollow) {
  MetricsText text;
  text.Begin("requests_total", MetricType::kCounter, "Requests.");
  text.Sample({{"code", "2xx"}}, std::uint64_t{7});
  text.Sample({{"code", "4xx"}, {"route", "/*"}}, std::uint64_t{8});
  text.Gauge("ratio", "A share.", 0.25);
  EXPECT_EQ(text.Take(),
            "# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total{code=\"2xx\"} 7\n"
            "requests_total{code=\"4xx\",route=\"/*\"} 8\n# HELP ratio A share.\n# TYPE ratio gauge\nratio 0.25\n");
}

TEST(MetricsText, ValuesCannotLeaveTheirQuotesAndHelpItsLine) {
  MetricsText text;
  text.Begin("x", MetricType::kGauge, "one\ntwo \\ \"three\"");
  text.Sample({{"route", "a\"} 1\nevil 2\\"}}, std::uint64_t{1});
  EXPECT_EQ(text.Take(), "# HELP x one\\ntwo \\\\ \"three\"\n# TYPE x gauge\nx{route=\"a\\\"} 1\\nevil 2\\\\\"} 1\n");
}

TEST(MetricsText, BucketsAreCumulativeAndEndWithInfinity) {
  LatencyTotals latency;
  latency.buckets.front() = 2;
  latency.buckets[1] = 3;
  latency.buckets.back() = 1;
  latency.sum_micros = 1'500'000;
  MetricsText text;
  text.Begin("t_seconds", MetricType::kHistogram, "T.");
  text.Sample({{"route", "/"}}, latency);
  const std::string out = text.Take();
  EXPECT_NE(out.find("t_seconds_bucket{route=\"/\",le=\"0.00025\"} 2\nt_seconds_bucket{route=\"/\",le=\"0.0005\"} 5\n"), std::string::npos)
      << out;
  EXPECT_NE(out.find("le=\"10\"} 5\nt_seconds_bucket{route=\"/\",le=\"+Inf\"} 6\nt_seconds_sum{route=\"/\"} 1.5\nt_seconds_count{route=\"/\"} 6\n"),
            std::string::npos)
      << out;
}

}  // namespace
}  // namespace sallyport
