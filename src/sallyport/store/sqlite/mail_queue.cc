// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/rows.h"

#define SALLYPORT_MAIL_COLUMNS "id, recipient, subject, sealed_message, created_at, next_try, tries, state"

namespace sallyport::store::sqlite {
namespace {

using Mails = std::vector<QueuedMail>;

Mails ReadMails(Query& row) {
  Mails mails;
  while (row.Step()) {
    mails.push_back({row.Integer(0), row.Text(1), row.Text(2), row.Text(3), row.Time(4), row.Time(5),
                     static_cast<int>(row.Integer(6)), row.Text(7)});
  }
  return mails;
}

class SqliteMailQueue final : public MailQueue {
 public:
  SqliteMailQueue(Writer& writer, ReaderPool& readers) : writer_(writer), readers_(readers) {}

  Task<std::int64_t> Enqueue(QueuedMail mail) override {
    return writer_.Write<std::int64_t>([mail = std::move(mail)](Connection& c) -> Result<std::int64_t> {
      Query(c,
            "INSERT INTO mail_queue (recipient, subject, sealed_message, created_at, next_try, tries, state) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            mail.to, mail.subject, Blob{mail.sealed_message}, mail.created_at, mail.next_try, mail.tries, mail.state)
          .Run();
      return c.last_row_id();
    });
  }

  Task<Mails> ClaimDue(Timestamp now, Timestamp lease_until, std::size_t limit) override {
    return writer_.Write<Mails>([now, lease_until, limit](Connection& c) -> Result<Mails> {
      Mails mails;
      {
        Query due(c,
                  "SELECT " SALLYPORT_MAIL_COLUMNS
                  " FROM mail_queue WHERE state = 'queued' AND next_try <= ? ORDER BY next_try, id LIMIT ?",
                  now, RowLimit(limit));
        mails = ReadMails(due);
      }
      for (QueuedMail& mail : mails) {
        mail.next_try = lease_until;
        ++mail.tries;
        Query(c, "UPDATE mail_queue SET next_try = ?, tries = ? WHERE id = ?", mail.next_try, mail.tries, mail.id)
            .Run();
      }
      return mails;
    });
  }

  Task<void> MarkSent(std::int64_t id, bool keep) override {
    return writer_.Write<void>([id, keep](Connection& c) -> Result<void> {
      const auto changed = keep ? Query(c, "UPDATE mail_queue SET state = 'sent' WHERE id = ?", id).Run()
                                : Query(c, "DELETE FROM mail_queue WHERE id = ?", id).Run();
      if (changed == 0) return Fail(Errc::kNotFound);
      return {};
    });
  }

  Task<void> MarkFailed(std::int64_t id, std::optional<Timestamp> next_try) override {
    return writer_.Write<void>([id, next_try](Connection& c) -> Result<void> {
      const auto changed = next_try ? Query(c, "UPDATE mail_queue SET next_try = ? WHERE id = ?", *next_try, id).Run()
                                    : Query(c, "UPDATE mail_queue SET state = 'failed' WHERE id = ?", id).Run();
      if (changed == 0) return Fail(Errc::kNotFound);
      return {};
    });
  }

  Task<Mails> ListNewest(std::size_t limit) override {
    return readers_.Read<Mails>([limit](Connection& c) -> Result<Mails> {
      Query rows(c, "SELECT " SALLYPORT_MAIL_COLUMNS " FROM mail_queue ORDER BY id DESC LIMIT ?", RowLimit(limit));
      return ReadMails(rows);
    });
  }

  Task<std::size_t> DeleteBefore(Timestamp before, std::size_t limit) override {
    return writer_.Write<std::size_t>([before, limit](Connection& c) -> Result<std::size_t> {
      const auto deleted =
          Query(c,
                "DELETE FROM mail_queue WHERE id IN (SELECT id FROM mail_queue ORDER BY id LIMIT ?) AND created_at < ?",
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

std::unique_ptr<MailQueue> MakeMailQueue(Writer& writer, ReaderPool& readers) {
  return std::make_unique<SqliteMailQueue>(writer, readers);
}

}  // namespace sallyport::store::sqlite
