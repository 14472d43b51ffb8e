// SPDX-License-Identifier: Apache-2.0
#include "sallyport/base/log.h"
#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/rows.h"

namespace sallyport::store::sqlite {
namespace {

// An event that cannot be kept still leaves a trace, in the diagnostic log.
class AppendAudit final : public Command {
 public:
  explicit AppendAudit(model::AuditEvent event) : event_(std::move(event)) {}

  void Execute(Connection& connection) override {
    Query(
        connection,
        "INSERT INTO audit_events (at, event, outcome, reason, user_id, session_id, actor, ip, user_agent, request_id, "
        "detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        event_.at, event_.event, event_.outcome, event_.reason, event_.user_id, event_.session_id, event_.actor,
        event_.ip, event_.user_agent, event_.request_id, event_.detail_json)
        .Run();
  }
  void SetFailure(Error error) override { failure_ = std::move(error); }
  bool failed() const override { return failure_.has_value(); }
  void Acknowledge() override {
    if (!failure_) return;
    log::Error("an audit event was not stored", {{"error", failure_->ToLogString()},
                                                 {"at", ToIso8601(event_.at)},
                                                 {"event", event_.event},
                                                 {"outcome", event_.outcome},
                                                 {"reason", event_.reason},
                                                 {"user", event_.user_id},
                                                 {"session", event_.session_id},
                                                 {"actor", event_.actor},
                                                 {"ip", event_.ip},
                                                 {"request", event_.request_id}});
  }

 private:
  const model::AuditEvent event_;
  std::optional<Error> failure_;
};

class SqliteAuditStore final : public AuditStore {
 public:
  SqliteAuditStore(Writer& writer, ReaderPool& readers) : writer_(writer), readers_(readers) {}

  Result<void> Append(model::AuditEvent event) override {
    return writer_.Submit(std::make_unique<AppendAudit>(std::move(event)));
  }

  Task<std::vector<model::AuditEvent>> List(AuditQuery query) override {
    using Events = std::vector<model::AuditEvent>;
    return readers_.Read<Events>([query = std::move(query)](Connection& c) -> Result<Events> {
      Events events;
      const auto read = [&](Query& row) {
        while (row.Step()) {
          events.push_back({row.Time(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6),
                            row.Text(7), row.Text(8), row.Text(9), row.Text(10)});
        }
      };
      if (query.user_id.empty()) {
        Query rows(c,
                   "SELECT at, event, outcome, reason, user_id, session_id, actor, ip, user_agent, request_id, detail "
                   "FROM audit_events WHERE (?1 = '' OR event = ?1) ORDER BY id DESC LIMIT ?2",
                   query.event, RowLimit(query.limit));
        read(rows);
      } else {
        Query rows(c,
                   "SELECT at, event, outcome, reason, user_id, session_id, actor, ip, user_agent, request_id, detail "
                   "FROM audit_events WHERE user_id = ?1 AND user_id <> '' AND (?2 = '' OR event = ?2) "
                   "ORDER BY id DESC LIMIT ?3",
                   query.user_id, query.event, RowLimit(query.limit));
        read(rows);
      }
      return events;
    });
  }

  // By id, which grows with time: the table needs no index on `at` for it.
  Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) override {
    return writer_.Write<std::size_t>([before, limit](Connection& c) -> Result<std::size_t> {
      const auto deleted =
          Query(c,
                "DELETE FROM audit_events WHERE id IN (SELECT id FROM audit_events ORDER BY id LIMIT ?) AND at < ?",
                RowLimit(limit), before)
              .Run();
      return static_cast<std::size_t>(deleted);
    });
  }

 private:
  Writer& writer_;
  ReaderPool& readers_;
};

}  // namespace

std::unique_ptr<AuditStore> MakeAuditStore(Writer& writer, ReaderPool& readers) {
  return std::make_unique<SqliteAuditStore>(writer, readers);
}

}  // namespace sallyport::store::sqlite
