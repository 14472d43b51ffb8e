// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sallyport/config/test_loading.h"

namespace sallyport::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Tracing, IsOffWithoutItsSectionAndOnWithAnEndpoint) {
  const auto off = test::Load(test::kMinimal);
  ASSERT_TRUE(off);
  EXPECT_TRUE((*off)->gateway.tracing.endpoint.empty());
  const auto on = test::Load(std::string(test::kMinimal) + "[tracing]\nendpoint = \"http://127.0.0.1:4318/v1/traces\"\nsample_percent = 5\n");
  ASSERT_TRUE(on);
  EXPECT_EQ((*on)->gateway.tracing.endpoint, "http://127.0.0.1:4318/v1/traces");
  EXPECT_EQ((*on)->gateway.tracing.service_name, "sallyport");
  EXPECT_EQ((*on)->gateway.tracing.sample_percent, 5);
}

TEST(Tracing, SaysWhatIsWrong) {
  EXPECT_THAT(test::ProblemsWith("", "[tracing]\n"), ElementsAre(HasSubstr("endpoint")));
  EXPECT_THAT(test::ProblemsWith("", "[tracing]\nendpoint = \"collector:4318\"\n"), ElementsAre(HasSubstr("tracing.endpoint")));
  EXPECT_THAT(test::ProblemsWith("", "[tracing]\nendpoint = \"http://c/\"\nsample_percent = 101\nservice_name = \"\"\n"),
              testing::UnorderedElementsAre(HasSubstr("tracing.sample_percent"), HasSubstr("tracing.service_name")));
}

}  // namespace
}  // namespace sallyport::config
