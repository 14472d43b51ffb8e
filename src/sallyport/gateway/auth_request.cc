// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/auth_request.h"

#include "sallyport/crypto/constant_time.h"
#include "sallyport/gateway/middleware/csrf.h"
#include "sallyport/http/cookie.h"
#include "sallyport/http/errc.h"
#include "sallyport/http/form.h"
#include "sallyport/http/media_type.h"
#include "sallyport/http/query.h"
#include "sallyport/http/same_origin.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/token/next_auth_csrf.h"

namespace sallyport::gateway {
namespace {

constexpr std::size_t kMaxBody = 64 * 1024;

// Scalars as text; arrays and objects stay out of `fields` (S44).
void CollectJson(BodyFields& out) {
  for (const auto& member : out.json) {
    const std::string name(member.key());
    const json::value& value = member.value();
    if (value.is_string()) out.fields[name] = std::string(value.as_string());
    else if (value.is_bool()) out.fields[name] = value.as_bool() ? "true" : "false";
    else if (value.is_int64()) out.fields[name] = std::to_string(value.as_int64());
  }
}

std::string DecodeCookie(std::string_view value) { return PercentDecode(value).value_or(std::string()); }

}  // namespace

std::string_view BodyFields::Get(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

AuthRequest::AuthRequest(Services& s, net::Exchange& e, std::string_view p, std::string_view query, std::string ip, std::string id)
    : services(s), exchange(e), path(p), client_ip(std::move(ip)), request_id(std::move(id)), query_(query) {}

std::string AuthRequest::Query(std::string_view name) const {
  const auto parsed = http::ParseQuery(query_);
  if (!parsed) return {};
  return std::string(parsed->Find(name).value_or(std::string_view()));
}

bool AuthRequest::HasQuery(std::string_view name) const { return http::FindRawParameter(query_, name).has_value(); }

std::optional<std::string_view> AuthRequest::Cookie(std::string_view name) const { return http::FindCookie(head().fields, name); }

std::string AuthRequest::user_agent() const { return std::string(head().fields.Get(http::HeaderId::kUserAgent).substr(0, 256)); }

Task<const BodyFields*> AuthRequest::Body() {
  if (body_) co_return &*body_;
  SALLYPORT_CO_TRY(const std::string bytes, co_await exchange.ReadWholeBody(kMaxBody));
  const std::string_view type = head().fields.Get(http::HeaderId::kContentType);
  BodyFields fields;
  if (http::IsJsonType(type)) {
    if (!bytes.empty()) {
      auto parsed = ParseJsonObject(bytes, {.max_bytes = kMaxBody});
      if (!parsed) co_return Fail(http::Errc::kBadForm, "JSON body: " + parsed.error().detail);
      fields.json = std::move(*parsed);
    }
    fields.is_json = true;
    CollectJson(fields);
  } else if (http::IsUrlencodedForm(type)) {
    SALLYPORT_CO_TRY(fields.form, http::ParseForm(bytes));
    // The first of a repeated name counts, as in next-auth's parser for what it reads.
    for (const http::Parameter& item : fields.form.items()) fields.fields.try_emplace(item.name, item.value);
  } else if (!bytes.empty()) {
    co_return Fail(http::Errc::kBadForm, "content type is neither JSON nor a urlencoded form");
  }
  body_ = std::move(fields);
  co_return &*body_;
}

Task<session::Resolution> AuthRequest::Session(bool slide) {
  session::Resolution resolution;
  if (services.sessions.TryResolve(head().fields, slide, resolution)) co_return resolution;
  const http::IpAddress client_address = http::IpAddress::Parse(client_ip).value_or(http::IpAddress());
  co_return co_await services.sessions.Resolve(head().fields, slide, client_address);
}

bool AuthRequest::v5_style() const { return head().fields.Has(http::HeaderId::kXAuthReturnRedirect); }
bool AuthRequest::v4_json() const { return body_ && body_->Get("json") == "true"; }

bool AuthRequest::prefers_html() const {
  return http::IsNavigation(head()) || http::PreferredFormat(head().fields.Get(http::HeaderId::kAccept)) == http::Preference::kHtml;
}

AuthRequest::CsrfVerdict AuthRequest::CheckCsrf(const session::SessionRef& session) const {
  const http::Provenance from = http::JudgeProvenance(head().fields, services.own_origins);
  if (from == http::Provenance::kCross) return CsrfVerdict::kBadOrigin;
  const std::string_view sent = body_ ? body_->Get("csrfToken") : std::string_view();
  const std::string_view hidden = body_ ? body_->Get("_csrf") : std::string_view();
  if (session) {
    const std::string& own = session->data.csrf_token;
    const std::string_view header = CsrfHeader(head().fields);
    for (const std::string_view candidate : {sent, hidden, header}) {
      if (!candidate.empty() && crypto::Equal(candidate, own)) return CsrfVerdict::kPassed;
    }
  }
  const auto cookie = Cookie(services.sessions.cookie_names().csrf);
  if (!cookie || sent.empty()) return CsrfVerdict::kBadToken;
  return services.next_auth_csrf.Matches(*cookie, sent) ? CsrfVerdict::kPassed : CsrfVerdict::kBadToken;
}

AuthRequest::CsrfVerdict AuthRequest::CheckSessionCsrf(const session::SessionRef& session) const {
  if (!http::PassesOriginCheck(head().fields, services.own_origins)) return CsrfVerdict::kBadOrigin;
  if (!session) return CsrfVerdict::kBadToken;
  const std::string_view header = CsrfHeader(head().fields);
  const std::string_view sent = !header.empty() ? header : body_ ? body_->Get("_csrf") : std::string_view();
  return !sent.empty() && crypto::Equal(sent, session->data.csrf_token) ? CsrfVerdict::kPassed : CsrfVerdict::kBadToken;
}

std::string AuthRequest::CsrfToken(std::optional<std::string>& set_cookie) const {
  const token::NextAuthCsrf& csrf = services.next_auth_csrf;
  const session::CookieNames& names = services.sessions.cookie_names();
  if (const auto cookie = Cookie(names.csrf)) {
    if (auto token = csrf.Verify(*cookie)) return *token;
  }
  token::MintedCsrf minted = csrf.Mint(services.random);
  http::SetCookie fresh;
  fresh.name = names.csrf;
  fresh.value = minted.cookie;
  fresh.secure = names.secure;
  set_cookie = fresh.ToString();
  return std::move(minted.token);
}

std::string AuthRequest::CallbackUrl() const {
  const Origin& origin = services.config.gateway.public_url;
  const std::string_view in_body = body_ ? body_->Get("callbackUrl") : std::string_view();
  std::string wanted(in_body);
  if (wanted.empty()) wanted = Query("callbackUrl");
  if (wanted.empty()) {
    if (const auto cookie = Cookie(services.sessions.cookie_names().callback_url)) wanted = DecodeCookie(*cookie);
  }
  return http::SameOriginUrl(wanted, origin).value_or(origin.ToString());
}

std::string AuthRequest::Absolute(std::string_view path_and_query) const {
  return services.config.gateway.public_url.ToString() + std::string(path_and_query);
}

}  // namespace sallyport::gateway
