// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/handlers/flow_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {
namespace {

struct Shape {
  std::uint16_t status;
  std::string_view code, field;
  std::string sentence;
};

std::string PasswordSentence(std::string_view reason, std::size_t min_password) {
  if (reason == "too_short") return fmt::format("Use at least {} characters. A few words in a row are easy to remember.", min_password);
  if (reason == "too_long") return "This password is too long; 1024 bytes are the most.";
  if (reason == "common") return "This password is among the first that attackers try. Choose another one.";
  if (reason == "like_email") return "This password is too close to your address or to this site's name.";
  return "Choose another password.";
}

Shape ShapeOf(const signin::FlowAnswer& flow, std::size_t min_password) {
  using enum signin::FlowOutcome;
  switch (flow.outcome) {
    case kClosed: return {403, "registration_closed", "", "Registration is closed here. Ask the operator for an account."};
    case kInvalidEmail: return {422, "invalid_email", "email", "This is not an e-mail address we can send to."};
    case kInvalidName: return {422, "invalid_name", "name", "This name is too long or holds characters that cannot be shown."};
    case kWeakPassword: return {422, "weak_password", "password", PasswordSentence(flow.reason, min_password)};
    case kWrongPassword: return {403, "wrong_password", "current", "This is not your current password."};
    case kNeedsProof: return {403, "needs_proof", "password", "Type the password that you chose when you registered."};
    case kInvalidToken: return {400, "invalid_token", "", "This link does not work any more: it was used already, or its time is over."};
    case kEmailTaken: return {409, "email_taken", "email", "Another account has this address already."};
    case kThrottled: return {429, "throttled", "", "Too many attempts. Wait a little, then try again."};
    case kDone:
    case kMailSent: break;
  }
  return {500, "internal_error", "", "Something went wrong."};
}

}  // namespace

Answer ProblemFor(const signin::FlowAnswer& flow, std::size_t min_password) {
  const Shape shape = ShapeOf(flow, min_password);
  json::object body{{"type", "about:blank"}, {"title", shape.sentence}, {"status", shape.status}, {"code", shape.code}};
  if (!shape.field.empty()) body["field"] = shape.field;
  if (!flow.reason.empty()) body["reason"] = flow.reason;
  Answer answer = Answer::Json(shape.status, body);
  answer.content_type = "application/problem+json";
  if (flow.outcome == signin::FlowOutcome::kThrottled)
    answer.WithHeader("Retry-After", std::to_string(std::max<std::int64_t>(1, (flow.retry_after.count() + 999) / 1000)));
  return answer;
}

std::uint16_t ExplainOnForm(const signin::FlowAnswer& flow, std::size_t min_password, FormState& form) {
  const Shape shape = ShapeOf(flow, min_password);
  if (shape.field.empty()) form.error = shape.sentence;
  else form.field_errors[std::string(shape.field)] = shape.sentence;
  return shape.status;
}

Answer AccountCsrfRefusal(const AuthRequest& request, AuthRequest::CsrfVerdict verdict) {
  const bool origin = verdict == AuthRequest::CsrfVerdict::kBadOrigin;
  if (request.prefers_html()) {
    MessagePage page;
    page.heading = origin ? "This form came from another site" : "The form had expired";
    page.text = "Nothing was changed. Go back, load the page again and try once more.";
    page.link_text = "Back to the start";
    page.link_href = "/";
    page.is_error = true;
    return Answer::Html(403, RenderMessagePage(request.services.config.gateway.pages, page));
  }
  return origin ? CsrfRefusal(CsrfVerdict::kBadOrigin, {})
                : Answer::Problem(403, "csrf_token", "The csrfToken is missing or stale", "Get one from /api/auth/csrf and send it as csrfToken.");
}

Answer DeadLinkPage(const AuthRequest& request, std::string_view advice, Link way_on) {
  MessagePage page;
  page.heading = "This link does not work any more";
  page.text = fmt::format("It was used already, or its time is over. {}", advice);
  page.link_text = std::move(way_on.text);
  page.link_href = std::move(way_on.href);
  page.is_error = true;
  return Answer::Html(400, RenderMessagePage(request.services.config.gateway.pages, page));
}

Answer NoAccountsHere(const AuthRequest& request) {
  return NotFoundAnswer(request.prefers_html(), request.services.config.gateway.pages, request.request_id);
}

bool WantsPage(const AuthRequest& request, const BodyFields& body) { return !body.is_json && request.prefers_html(); }

}  // namespace sallyport::gateway
