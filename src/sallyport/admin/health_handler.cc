// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/health_handler.h"

#include "sallyport/base/json.h"
#include "sallyport/base/metrics_text.h"
#include "sallyport/gateway/error_response.h"
#include "sallyport/http/host.h"
#include "sallyport/http/ip_address.h"

namespace sallyport::admin {
namespace {

// Probes of several watchers cost the store one check a second.
constexpr Duration kCheckEvery{1000};

struct Reply {
  std::uint16_t status = 200;
  std::string body;
};

}  // namespace

bool IsAdminHost(std::string_view host, const net::ListenAddress& listen) {
  const auto authority = http::ParseAuthority(host);
  if (!authority) return false;
  auto name = authority->host;
  if (name == "localhost") return true;
  if (name.starts_with('[')) name = name.substr(1, name.size() - 2);
  const auto address = http::IpAddress::Parse(name);
  if (!address) return false;
  return address->is_loopback() || address == http::IpAddress::Parse(listen.host);
}

Coroutine<std::string_view> HealthHandler::StoreTrouble() {
  const auto now = clock_.Steady();
  if (checked_ == SteadyTime{} || now - checked_ >= kCheckEvery) {
    const auto result = co_await sources_.store->Check();
    store_trouble_ = result ? std::string() : result.error().code.message();
    checked_ = now;
  }
  co_return store_trouble_;
}

Coroutine<void> HealthHandler::Handle(net::Exchange& exchange) {
  Reply reply;
  std::string_view type = "text/plain; charset=utf-8";
  std::string scratch;
  const auto& head = exchange.head();
  const auto target = http::CanonicalTarget(head.raw_target, head.method, scratch);
  const auto host = target ? http::RequestAuthority(head, *target) : Result<std::string_view>(std::unexpected(target.error()));
  if (!host || !IsAdminHost(*host, listen_)) {
    reply = {421, "not this host\n"};
  } else if (head.method != http::Method::kGet && head.method != http::Method::kHead) {
    reply = {405, "only GET\n"};
  } else if (target->path == "/healthz") {
    reply = {200, "ok\n"};
  } else if (target->path == "/readyz") {
    const std::string_view trouble = co_await StoreTrouble();
    const bool ready = sources_.ready() && trouble.empty();
    json::array down;
    for (const auto& name : sources_.upstreams_down()) down.emplace_back(name);
    // An upstream that is down does not make the gateway unready: it still signs people in and answers for the others.
    json::object state{{"ready", ready}, {"store", trouble.empty()}, {"upstreams_down", std::move(down)}};
    if (!trouble.empty()) state["store_error"] = trouble;
    reply = {static_cast<std::uint16_t>(ready ? 200 : 503), json::serialize(state) + "\n"};
    type = "application/json";
  } else if (target->path == "/metrics") {
    reply.body = co_await sources_.metrics();
    type = kMetricsContentType;
  } else {
    reply = {404, "not found\n"};
  }
  const http::HeaderField fields[] = {
      {"Content-Type", type}, {"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  const auto sent = co_await net::SendWhole(exchange, reply.status, fields, reply.body);
  if (!sent) exchange.Abort(net::AbortReason::kError);
}

std::string HealthHandler::AnswerToUnreadable(const Error& error) { return gateway::RawAnswerForError(error); }

}  // namespace sallyport::admin
