// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/answer.h"

namespace sallyport::gateway {

Answer Answer::Json(std::uint16_t status, const json::value& value) { return JsonText(status, json::serialize(value)); }

Answer Answer::JsonText(std::uint16_t status, std::string text) {
  Answer answer;
  answer.status = status;
  answer.content_type = "application/json";
  answer.body = std::move(text);
  return answer;
}

Answer Answer::Html(std::uint16_t status, std::string html) {
  Answer answer;
  answer.status = status;
  answer.content_type = "text/html; charset=utf-8";
  answer.body = std::move(html);
  return answer;
}

Answer Answer::Text(std::uint16_t status, std::string text) {
  Answer answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

Answer Answer::Redirect(std::uint16_t status, std::string location) {
  Answer answer;
  answer.status = status;
  answer.headers.emplace_back("Location", std::move(location));
  return answer;
}

Answer Answer::Empty(std::uint16_t status) {
  Answer answer;
  answer.status = status;
  return answer;
}

Answer Answer::Problem(std::uint16_t status, std::string_view code, std::string_view title, std::string_view detail) {
  json::object problem{{"type", "about:blank"}, {"title", title}, {"status", status}, {"code", code}};
  if (!detail.empty()) problem["detail"] = detail;
  Answer answer = Json(status, problem);
  answer.content_type = "application/problem+json";
  return answer;
}

}  // namespace sallyport::gateway
