// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/metrics.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

enum class Counter { kOk, kBad, kOther };
using Counters = CounterSet<Counter, 3>;

TEST(Metrics, SetsOfSeveralWorkersAreSummed) {
  Counters first, second;
  first.Add(Counter::kOk);
  first.Add(Counter::kBad, 5);
  second.Add(Counter::kOk, 2);
  std::array<std::uint64_t, 3> totals{};
  first.AddTo(totals);
  second.AddTo(totals);
  EXPECT_EQ(totals, (std::array<std::uint64_t, 3>{3, 5, 0}));
  EXPECT_EQ(first.Get(Counter::kBad), 5U);
}

TEST(Metrics, PrometheusTextNamesEachFamilyOnce) {
  const std::array infos = {CounterInfo{"requests_total", "code=\"2xx\"", "Requests."},
                            CounterInfo{"requests_total", "code=\"4xx\"", "Requests."}, CounterInfo{"other", "", "Other."}};
  const std::array<std::uint64_t, 3> totals = {7, 8, 9};
  std::string out;
  AppendPrometheus(out, infos, totals);
  EXPECT_EQ(out,
            "# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total{code=\"2xx\"} 7\n"
            "requests_total{code=\"4xx\"} 8\n# HELP other Other.\n# TYPE other counter\nother 9\n");
}

}  // namespace
}  // namespace sallyport
