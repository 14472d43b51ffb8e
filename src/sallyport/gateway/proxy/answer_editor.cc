// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/proxy/answer_editor.h"

#include <utility>

#include "sallyport/base/log.h"
#include "sallyport/http/set_cookie.h"

namespace sallyport::gateway {
namespace {

// Directives of every Cache-Control line, compared as whole names: "public" is not found in "x-public".
bool HasDirective(const http::HeaderTable& fields, std::string_view wanted) {
  for (const http::HeaderField& field : fields.fields()) {
    if (field.id != http::HeaderId::kCacheControl) continue;
    std::string_view rest = field.value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      std::string_view item = rest.substr(0, comma);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
      while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
      const std::string_view name = item.substr(0, item.find_first_of("= \t"));
      if (http::EqualsIgnoreCase(name, wanted)) return true;
    }
  }
  return false;
}

bool IsEventStream(const http::HeaderTable& fields) {
  constexpr std::string_view kType = "text/event-stream";
  const std::string_view type = fields.Get(http::HeaderId::kContentType);
  return type.size() >= kType.size() && http::EqualsIgnoreCase(type.substr(0, kType.size()), kType);
}

}  // namespace

AnswerEditor::AnswerEditor(RequestContext& context, const GatewayOptions& options, const session::CookieNames& cookies,
                           Timestamp now, std::function<void()> signed_out)
    : context_(context), options_(options), cookies_(cookies), now_(now), signed_out_(std::move(signed_out)) {}

bool AnswerEditor::DropSetCookie(const http::HeaderField& field) {
  const auto cookie = http::ParseSetCookie(field.value, now_);
  if (!cookie) {
    log::Warn("dropped a Set-Cookie without a name that an upstream sent", {{"upstream", context_.upstream->net.name}});
    return true;
  }
  if (!cookies_.IsOurs(cookie->name)) return false;
  const bool signs_out = cookie->deletes && cookies_.IsSession(cookie->name) &&
                         context_.upstream->kind == UpstreamKind::kPages && context_.resolution.session &&
                         !http::IsSafe(context_.exchange->head().method);
  if (signs_out) {
    if (auto signed_out = std::exchange(signed_out_, nullptr)) signed_out();
    return false;
  }
  log::Warn("dropped a Set-Cookie of ours that an upstream sent; sign-in and sign-out must go through /api/auth",
            {{"upstream", context_.upstream->net.name}, {"cookie", cookie->name}});
  return true;
}

void AnswerEditor::AddSessionLines(const http::ResponseHead& head) {
  if (!context_.resolution.session) return;
  if (HasDirective(head.fields, "public") || HasDirective(head.fields, "s-maxage")) return;
  std::string& block = context_.answer_block;
  block.append("X-CSRF-Token: ").append(context_.resolution.session->data.csrf_token).append("\r\n");
  for (const std::string& cookie : context_.set_cookies) block.append("Set-Cookie: ").append(cookie).append("\r\n");
  if (!HasDirective(head.fields, "private") && !HasDirective(head.fields, "no-store")) block.append("Cache-Control: private\r\n");
}

bool AnswerEditor::HoldsBearer(const http::HeaderField& field) const {
  const std::string_view bearer = context_.injected_bearer;
  if (bearer.empty() || field.value.size() < bearer.size() || field.value.find(bearer) == std::string_view::npos) return false;
  log::Warn("dropped an answer header that held the session's access token",
            {{"upstream", context_.upstream->net.name}, {"header", field.name}});
  return true;
}

void AnswerEditor::EditInterim(const http::ResponseHead& head, http::HeadEdits& edits) {
  const auto fields = head.fields.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].id == http::HeaderId::kSetCookie || HoldsBearer(fields[i])) edits.drop.set(i);
  }
}

void AnswerEditor::Edit(const http::ResponseHead& head, http::HeadEdits& edits) {
  const auto fields = head.fields.fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].id == http::HeaderId::kSetCookie && DropSetCookie(fields[i])) edits.drop.set(i);
    if (HoldsBearer(fields[i])) edits.drop.set(i);
  }
  // An open stream keeps its upstream from nothing: it counts until it has begun.
  if (head.status == 101 || IsEventStream(head.fields)) {
    context_.route_pass.Leave();
    context_.upstream_pass.Leave();
  }
  context_.status = head.status;
  context_.answer_block.clear();
  AddSessionLines(head);
  for (const auto& [name, value] : options_.response_headers)
    context_.answer_block.append(name).append(": ").append(value).append("\r\n");
  edits.raw_block = context_.answer_block;
}

}  // namespace sallyport::gateway
