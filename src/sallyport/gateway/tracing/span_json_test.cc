// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/tracing/span_json.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sallyport/base/json.h"

namespace sallyport::gateway {
namespace {

Span SpanOf(const RequestRow& row, std::uint16_t status) {
  Span span;
  span.context.trace.fill('a');
  span.context.span.fill('b');
  span.context.parent.fill('c');
  span.method = http::Method::kPost;
  span.row = &row;
  span.status = status;
  span.start_nanos = 1'800'000'000'123'456'789;
  span.end_nanos = 1'800'000'000'223'456'789;
  return span;
}

TEST(SpanJson, ASpanIsWrittenAsTheProtocolHasIt) {
  RequestRow row{"/api/*", "api", {}};
  Span span = SpanOf(row, 201);
  span.context.has_parent = true;
  const auto parsed = ParseJsonObject(SpansToJson({&span, 1}, "shop"));
  ASSERT_TRUE(parsed);
  const auto& resource = parsed->at("resourceSpans").at(0);
  EXPECT_EQ(json::serialize(resource.at("resource").at("attributes").at(0)), R"({"key":"service.name","value":{"stringValue":"shop"}})");
  const auto& out = resource.at("scopeSpans").at(0).at("spans").at(0).as_object();
  EXPECT_EQ(out.at("traceId").as_string(), std::string(32, 'a'));
  EXPECT_EQ(out.at("spanId").as_string(), std::string(16, 'b'));
  EXPECT_EQ(out.at("parentSpanId").as_string(), std::string(16, 'c'));
  EXPECT_EQ(out.at("name").as_string(), "POST /api/*");
  EXPECT_EQ(out.at("startTimeUnixNano").as_string(), "1800000000123456789");
  EXPECT_EQ(json::serialize(out.at("attributes").at(3)), R"({"key":"http.response.status_code","value":{"intValue":"201"}})");
  EXPECT_FALSE(out.contains("status"));
}

TEST(SpanJson, OurFailuresAreErrorsAndTheClientsAreNot) {
  RequestRow row{"none", "", {}};
  const std::array spans = {SpanOf(row, 404), SpanOf(row, 502), SpanOf(row, 0)};
  const auto parsed = ParseJsonObject(SpansToJson(spans, "s"));
  ASSERT_TRUE(parsed);
  const auto& list = parsed->at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").as_array();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_FALSE(list[0].as_object().contains("status"));
  EXPECT_EQ(list[1].at("status").at("code"), 2);
  EXPECT_EQ(list[2].at("status").at("code"), 2);
  EXPECT_FALSE(list[0].as_object().contains("parentSpanId"));
}

}  // namespace
}  // namespace sallyport::gateway
