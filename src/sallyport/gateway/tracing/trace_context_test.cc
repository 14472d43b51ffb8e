// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/tracing/trace_context.h"

#include <gtest/gtest.h>

#include <string>

#include "support/fake_random.h"

namespace sallyport::gateway {
namespace {

constexpr std::string_view kSampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

template <std::size_t kSize>
std::string Text(const std::array<char, kSize>& digits) {
  return {digits.data(), digits.size()};
}

TEST(TraceContext, TheStandardsExampleIsRead) {
  const auto parent = ParseTraceParent(kSampled);
  ASSERT_TRUE(parent);
  EXPECT_EQ(Text(parent->trace), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(Text(parent->span), "00f067aa0ba902b7");
  EXPECT_TRUE(parent->sampled);
  EXPECT_FALSE(ParseTraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")->sampled);
  EXPECT_TRUE(ParseTraceParent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later")) << "a later version";
}

TEST(TraceContext, WhatIsNoTraceParentIsNone) {
  for (const std::string_view bad : {
           "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
           "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
           "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x"}) {
    EXPECT_FALSE(ParseTraceParent(bad)) << bad;
  }
}

TEST(TraceContext, TheSpanIsAChildInTheSameTrace) {
  test::FakeRandom random;
  TraceIds ids(random);
  http::HeaderTable fields;
  fields.Add({"traceparent", kSampled, http::HeaderId::kTraceparent});
  TraceContext context;
  context.Begin(fields, 0, ids);
  ASSERT_TRUE(context.sampled && context.has_parent);
  EXPECT_EQ(Text(context.parent), "00f067aa0ba902b7");
  TraceParentText out;
  context.Write(out);
  EXPECT_EQ(Text(out), "00-4bf92f3577b34da6a3ce929d0e0e4736-" + Text(context.span) + "-01");
  EXPECT_NE(Text(context.span), "00f067aa0ba902b7");
  EXPECT_TRUE(ParseTraceParent({out.data(), out.size()}));
}

TEST(TraceContext, WithoutAParentTheShareDecides) {
  test::FakeRandom random;
  TraceIds ids(random);
  const http::HeaderTable none{};
  int sampled = 0;
  for (int i = 0; i < 2000; ++i) {
    TraceContext context;
    context.Begin(none, 25, ids);
    sampled += context.sampled ? 1 : 0;
    EXPECT_FALSE(context.has_parent);
  }
  EXPECT_NEAR(sampled, 500, 150);
  TraceContext context;
  context.Begin(none, 0, ids);
  EXPECT_FALSE(context.sampled);
  context.Begin(none, 100, ids);
  EXPECT_TRUE(context.sampled);
}

TEST(TraceContext, TwoFieldsAreNone) {
  test::FakeRandom random;
  TraceIds ids(random);
  http::HeaderTable fields;
  fields.Add({"traceparent", kSampled, http::HeaderId::kTraceparent});
  fields.Add({"traceparent", kSampled, http::HeaderId::kTraceparent});
  TraceContext context;
  context.Begin(fields, 100, ids);
  EXPECT_FALSE(context.has_parent);
}

}  // namespace
}  // namespace sallyport::gateway
