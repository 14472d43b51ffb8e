// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/middleware/csrf.h"

#include "sallyport/crypto/constant_time.h"
#include "sallyport/http/fetch_metadata.h"
#include "sallyport/http/form.h"
#include "sallyport/http/media_type.h"
#include "sallyport/http/multipart_peek.h"

namespace sallyport::gateway {
namespace {

bool MayBeForm(std::string_view content_type) {
  return http::IsUrlencodedForm(content_type) || http::IsMediaType(content_type, "multipart/form-data");
}

}  // namespace

std::string_view CsrfHeader(const http::HeaderTable& fields) {
  if (const auto token = fields.Get(http::HeaderId::kXXsrfToken); !token.empty()) return token;
  if (const auto token = fields.Get(http::HeaderId::kXCsrfToken); !token.empty()) return token;
  for (const std::string_view name : {"xsrf-token", "csrf-token"}) {
    if (const auto* field = fields.Find(name)) return field->value;
  }
  return {};
}

CsrfVerdict JudgeCsrf(Csrf policy, const http::RequestHead& head, std::span<const std::string> own_origins,
                      std::string_view session_token) {
  if (policy == Csrf::kOff) return CsrfVerdict::kPassed;
  if (!http::PassesOriginCheck(head.fields, own_origins)) return CsrfVerdict::kBadOrigin;
  if (policy == Csrf::kOrigin) return CsrfVerdict::kPassed;
  const std::string_view sent = CsrfHeader(head.fields);
  if (!sent.empty()) return crypto::Equal(sent, session_token) ? CsrfVerdict::kPassed : CsrfVerdict::kBadToken;
  return MayBeForm(head.fields.Get(http::HeaderId::kContentType)) ? CsrfVerdict::kAskForm : CsrfVerdict::kBadToken;
}

Task<CsrfVerdict> JudgeCsrfForm(net::Exchange& exchange, std::string_view session_token) {
  const std::string_view content_type = exchange.head().fields.Get(http::HeaderId::kContentType);
  for (std::size_t want = 2048;; want *= 2) {
    if (want > http::kPeekWindow) want = http::kPeekWindow;
    SALLYPORT_CO_TRY(const std::string_view prefix, co_await exchange.PeekBody(want));
    const bool complete = prefix.size() < want;
    const http::PeekResult peek = http::PeekFormField(content_type, prefix, complete, "_csrf");
    if (peek.status == http::PeekStatus::kFound)
      co_return crypto::Equal(peek.value, session_token) ? CsrfVerdict::kPassed : CsrfVerdict::kBadToken;
    if (peek.status == http::PeekStatus::kNotFound || want == http::kPeekWindow) co_return CsrfVerdict::kBadToken;
  }
}

}  // namespace sallyport::gateway
