// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/operation_context.h"
#include "sallyport/gateway/access_keys.h"
#include "sallyport/store/store.h"

namespace sallyport::admin {

Coroutine<json::object> ListKeys(OperationContext& context) {
  auto keys = co_await context.services.store.keys().List();
  if (!keys) co_return RefusedBy(keys.error());
  const auto now = context.services.clock.Now();
  // The youngest key whose time has come signs.
  const store::SigningKeyRecord* signing = nullptr;
  for (const auto& key : *keys) {
    if (!key.retired_at && key.active_from <= now && (!signing || key.active_from >= signing->active_from)) signing = &key;
  }
  json::array out;
  for (const auto& key : *keys) {
    json::object item{{"kid", key.kid},
                      {"algorithm", key.algorithm},
                      {"state", &key == signing ? "signing" : !key.retired_at && key.active_from > now ? "published" : "retired"},
                      {"created_at", ToIso8601(key.created_at)},
                      {"active_from", ToIso8601(key.active_from)}};
    if (auto jwk = ParseJson(key.public_jwk)) item["jwk"] = *std::move(jwk);
    if (key.retired_at) item["retired_at"] = ToIso8601(*key.retired_at);
    out.push_back(std::move(item));
  }
  co_return Done({{"keys", std::move(out)}});
}

Coroutine<json::object> RotateKey(OperationContext& context) {
  auto kid = co_await context.services.access_keys.Rotate();
  auto answer = kid ? Done({{"kid", *kid}, {"signs_in_seconds", gateway::AccessKeys::kPublishLead.count() / 1000}}) : RefusedBy(kid.error());
  context.Audit("key.rotate", answer, {});
  co_return answer;
}

}  // namespace sallyport::admin
