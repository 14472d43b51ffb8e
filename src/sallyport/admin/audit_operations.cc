// SPDX-License-Identifier: Apache-2.0
// audit.list and status.
#include <unistd.h>

#include "sallyport/admin/operation_context.h"
#include "sallyport/async/worker_set.h"
#include "sallyport/store/store.h"

namespace sallyport::admin {

Coroutine<json::object> ListAudit(OperationContext& context) {
  store::AuditQuery query{.user_id = {}, .event = context.Text("event"), .limit = context.Limit(100, 10'000)};
  if (context.Has("user")) {
    auto user = co_await context.User();
    if (!user) co_return RefusedBy(user.error());
    query.user_id = user->id;
  }
  auto events = co_await context.services.store.audit().List(std::move(query));
  if (!events) co_return RefusedBy(events.error());
  json::array out;
  for (const auto& event : *events) {
    json::object item{{"at", ToIso8601(event.at)},       {"event", event.event},           {"outcome", event.outcome},
                      {"reason", event.reason},          {"user_id", event.user_id},       {"session_id", event.session_id},
                      {"actor", event.actor},            {"ip", event.ip},                 {"user_agent", event.user_agent},
                      {"request_id", event.request_id}};
    // Written by us; a line that does not parse is shown as it is rather than lost.
    auto detail = ParseJson(event.detail_json);
    item["detail"] = detail ? *std::move(detail) : json::value(event.detail_json);
    out.push_back(std::move(item));
  }
  co_return Done({{"events", std::move(out)}});
}

Coroutine<json::object> ShowStatus(OperationContext& context) {
  const auto& config = context.services.config;
  const auto checked = co_await context.services.store.Check();
  co_return Done({{"pid", ::getpid()},
                  {"configuration", config.source},
                  {"public_url", config.gateway.public_url.ToString()},
                  {"store", config.sqlite_path},
                  {"store_ok", checked.has_value()},
                  {"store_error", checked ? std::string() : checked.error().code.message()},
                  {"strategy", config.session.strategy == session::Strategy::kJwt ? "jwt" : "database"},
                  {"workers", context.services.workers.size()}});
}

}  // namespace sallyport::admin
