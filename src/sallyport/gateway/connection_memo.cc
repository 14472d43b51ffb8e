// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/connection_memo.h"

namespace sallyport::gateway {

bool CookieMemo::Recall(const http::HeaderTable& fields, std::uint32_t snapshot) {
  if (fields.Count(http::HeaderId::kCookie) > 1) return false;
  const std::string_view field = fields.Get(http::HeaderId::kCookie);
  if (any_ && snapshot == snapshot_ && field == field_) return true;
  if (field.size() > kMaxBytes) return false;
  field_.assign(field);
  snapshot_ = snapshot;
  any_ = true;
  key = {};
  for (Forwarded& one : forwarded) one.known = false;
  return true;
}

ConnectionMemo& ConnectionMemo::Of(net::Exchange& exchange) {
  auto& memo = exchange.memo();
  if (!memo) memo = std::make_unique<ConnectionMemo>();
  return static_cast<ConnectionMemo&>(*memo);
}

}  // namespace sallyport::gateway
