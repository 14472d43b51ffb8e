// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/metrics/event_counts.h"

#include "sallyport/base/json.h"

namespace sallyport::gateway {
namespace {

constexpr std::string_view kThrottled = "throttled_";

class CountingAuditStore final : public store::AuditStore {
 public:
  CountingAuditStore(store::AuditStore& inner, EventCounts& counts) : inner_(inner), counts_(counts) {}

  Result<void> Append(model::AuditEvent event) override {
    counts_.Count(event);
    return inner_.Append(std::move(event));
  }
  Task<std::vector<model::AuditEvent>> List(store::AuditQuery query) override { return inner_.List(std::move(query)); }
  Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) override { return inner_.DeleteBefore(before, limit); }

 private:
  store::AuditStore& inner_;
  EventCounts& counts_;
};

class CountingStore final : public store::Store {
 public:
  CountingStore(std::unique_ptr<store::Store> inner, EventCounts& counts) : inner_(std::move(inner)), audit_(inner_->audit(), counts) {}

  store::UserStore& users() override { return inner_->users(); }
  store::SessionStore& sessions() override { return inner_->sessions(); }
  store::VerificationTokenStore& verification_tokens() override { return inner_->verification_tokens(); }
  store::KeyStore& keys() override { return inner_->keys(); }
  store::AuditStore& audit() override { return audit_; }
  store::MailQueue& mail_queue() override { return inner_->mail_queue(); }
  Task<void> Check() override { return inner_->Check(); }
  Task<store::StoreStatistics> Statistics(Timestamp now) override { return inner_->Statistics(now); }
  void Close() override { inner_->Close(); }

 private:
  const std::unique_ptr<store::Store> inner_;
  CountingAuditStore audit_;
};

std::string MethodOf(const model::AuditEvent& event) {
  const auto detail = ParseJsonObject(event.detail_json);
  return detail ? std::string(GetString(*detail, "method").value_or("unknown")) : "unknown";
}

}  // namespace

void EventCounts::Raise(std::map<Key, std::uint64_t>& counts, Key key) {
  if (counts.size() >= kMaxKinds && !counts.contains(key)) key = {"other", "other"};
  ++counts[std::move(key)];
}

void EventCounts::Count(const model::AuditEvent& event) {
  const bool sign_in = event.event == "signin";
  const std::string method = sign_in ? MethodOf(event) : std::string();
  const std::lock_guard lock(mutex_);
  Raise(events_, {event.event, event.outcome});
  if (sign_in) Raise(sign_ins_, {method, event.outcome});
  if (event.reason.starts_with(kThrottled)) Raise(throttled_, {event.event, event.reason.substr(kThrottled.size())});
}

void EventCounts::WriteTo(MetricsText& text) const {
  const std::lock_guard lock(mutex_);
  text.Begin("sallyport_sign_ins_total", MetricType::kCounter, "Sign-ins that were judged, by method and outcome (success, failure, denied).");
  for (const auto& [key, count] : sign_ins_) text.Sample({{"method", std::get<0>(key)}, {"outcome", std::get<1>(key)}}, count);
  text.Begin("sallyport_throttled_total", MetricType::kCounter, "Tries that were not judged because there were too many, by event and limit.");
  for (const auto& [key, count] : throttled_) text.Sample({{"event", std::get<0>(key)}, {"limit", std::get<1>(key)}}, count);
  text.Begin("sallyport_audit_events_total", MetricType::kCounter, "Events of the audit log, by event and outcome.");
  for (const auto& [key, count] : events_) text.Sample({{"event", std::get<0>(key)}, {"outcome", std::get<1>(key)}}, count);
}

std::unique_ptr<store::Store> CountEvents(std::unique_ptr<store::Store> store, EventCounts& counts) {
  return std::make_unique<CountingStore>(std::move(store), counts);
}

}  // namespace sallyport::gateway
