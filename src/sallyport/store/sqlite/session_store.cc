// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/digest.h"
#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/ending.h"
#include "sallyport/store/sqlite/rows.h"

#define SALLYPORT_SELECT_SESSION_WITH_USER                        \
  "SELECT " SALLYPORT_SESSION_COLUMNS ", " SALLYPORT_USER_COLUMNS \
  " FROM sessions s LEFT JOIN users u ON u.id = s.\"userId\" "

namespace sallyport::store::sqlite {
namespace {

using Ended = std::vector<Revocation>;
using MaybeEnded = std::optional<Revocation>;
using Found = std::optional<SessionWithUser>;

// Whether the user may begin a session. Only adopted sessions may have a user without a row.
bool IsWelcome(Connection& c, const model::SessionRecord& session) {
  Query row(c, "SELECT disabled FROM users WHERE id = ?", session.user_id);
  return row.Step() ? row.Integer(0) == 0 : session.method == "adopted";
}

bool WasRevoked(Connection& c, const model::SessionId& id) {
  return Query(c, "SELECT 1 FROM revocations WHERE session_id = ?", id).Step();
}

void InsertSession(Connection& c, const model::SessionRecord& session) {
  std::optional<Blob> token_hash;
  if (session.token_hash) token_hash = Blob{crypto::AsView(*session.token_hash)};
  Query(c,
        "INSERT INTO sessions (id, \"sessionToken\", \"userId\", method, amr, auth_time, last_seen, expires, "
        "absolute_end, ip, user_agent, claims, profile, sealed_tokens, version, provider_subject, provider_sid) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        session.id, token_hash, session.user_id, session.method, JoinNames(session.amr), session.auth_time,
        session.last_seen, session.idle_end, session.absolute_end, session.ip, session.user_agent, session.claims_json,
        session.profile_json, Blob{session.sealed_tokens}, session.version, session.at_provider.subject,
        session.at_provider.sid)
      .Run();
}

std::vector<SessionWithUser> ReadAll(Query& rows) {
  std::vector<SessionWithUser> sessions;
  while (rows.Step()) sessions.push_back(ReadSessionWithUser(rows));
  return sessions;
}

// What a compare-and-swap that changed no row means.
Error WhyNotSwapped(Connection& c, const model::SessionId& id) {
  const bool exists = Query(c, "SELECT 1 FROM sessions WHERE id = ?", id).Step();
  return Error(exists ? Errc::kConflict : Errc::kNotFound);
}

class SqliteSessionStore final : public SessionStore {
 public:
  SqliteSessionStore(Writer& writer, ReaderPool& readers) : writer_(writer), readers_(readers) {}

  Task<MaybeEnded> CompleteSignIn(CompleteSignInCommand command) override {
    return writer_.Write<MaybeEnded>([command = std::move(command)](Connection& c) -> Result<MaybeEnded> {
      if (!IsWelcome(c, command.session)) return Fail(Errc::kNotFound);
      if (WasRevoked(c, command.session.id)) return Fail(Errc::kConflict, "the session id was revoked");
      MaybeEnded replaced;
      InsertSession(c, command.session);
      if (command.replaces) {
        if (*command.replaces == command.session.id) return Fail(Errc::kConflict, "a session cannot replace itself");
        replaced = EndSession(c, *command.replaces, model::EndReason::kReplaced);
      }
      return replaced;
    });
  }

  Task<Found> FindByTokenHash(model::TokenHash hash) override {
    return readers_.Read<Found>([hash](Connection& c) -> Result<Found> {
      Query row(c, SALLYPORT_SELECT_SESSION_WITH_USER "WHERE s.\"sessionToken\" = ?", Blob{crypto::AsView(hash)});
      if (!row.Step()) return Found();
      return ReadSessionWithUser(row);
    });
  }

  Task<Found> FindById(model::SessionId id) override {
    return readers_.Read<Found>([id = std::move(id)](Connection& c) -> Result<Found> {
      Query row(c, SALLYPORT_SELECT_SESSION_WITH_USER "WHERE s.id = ?", id);
      if (!row.Step()) return Found();
      return ReadSessionWithUser(row);
    });
  }

  Task<std::vector<model::SessionRecord>> ListForUser(model::UserId id, Timestamp now) override {
    using Sessions = std::vector<model::SessionRecord>;
    return readers_.Read<Sessions>([id = std::move(id), now](Connection& c) -> Result<Sessions> {
      Query rows(c,
                 "SELECT " SALLYPORT_SESSION_COLUMNS
                 " FROM sessions s WHERE s.\"userId\" = ?1 AND s.expires > ?2 AND s.absolute_end > ?2 "
                 "ORDER BY s.auth_time DESC, s.id DESC",
                 id, now);
      Sessions sessions;
      while (rows.Step()) sessions.push_back(ReadSession(rows, 0));
      return sessions;
    });
  }

  Task<std::vector<SessionWithUser>> List(model::UserId user_id, std::size_t limit, Timestamp now) override {
    using Sessions = std::vector<SessionWithUser>;
    return readers_.Read<Sessions>([user_id = std::move(user_id), limit, now](Connection& c) -> Result<Sessions> {
      if (user_id.empty()) {
        Query rows(c,
                   SALLYPORT_SELECT_SESSION_WITH_USER
                   "WHERE s.expires > ?1 AND s.absolute_end > ?1 ORDER BY s.auth_time DESC, s.id DESC LIMIT ?2",
                   now, RowLimit(limit));
        return ReadAll(rows);
      }
      Query rows(c,
                 SALLYPORT_SELECT_SESSION_WITH_USER
                 "WHERE s.\"userId\" = ?3 AND s.expires > ?1 AND s.absolute_end > ?1 "
                 "ORDER BY s.auth_time DESC, s.id DESC LIMIT ?2",
                 now, RowLimit(limit), user_id);
      return ReadAll(rows);
    });
  }

  Task<std::vector<model::SessionId>> FindAtProvider(std::string method, model::AtProvider named) override {
    using Ids = std::vector<model::SessionId>;
    return readers_.Read<Ids>([method = std::move(method), named = std::move(named)](Connection& c) -> Result<Ids> {
      Query rows(c,
                 "SELECT id FROM sessions WHERE method = ?1 AND provider_sid = ?2 AND provider_sid <> '' UNION "
                 "SELECT id FROM sessions WHERE method = ?1 AND provider_subject = ?3 AND provider_subject <> '' UNION "
                 "SELECT id FROM sessions WHERE method = ?1 AND provider_subject IS NULL",
                 method, named.sid, named.subject);
      Ids ids;
      while (rows.Step()) ids.push_back(rows.Text(0));
      return ids;
    });
  }

  Task<void> Touch(std::vector<SessionTouch> touches) override {
    return writer_.Write<void>([touches = std::move(touches)](Connection& c) -> Result<void> {
      for (const SessionTouch& touch : touches) {
        Query(c,
              "UPDATE sessions SET last_seen = max(last_seen, ?), expires = max(expires, min(?, absolute_end)) "
              "WHERE id = ?",
              touch.last_seen, touch.idle_end, touch.id)
            .Run();
      }
      return {};
    });
  }

  Task<std::int64_t> UpdateClaims(model::SessionId id, std::int64_t expected_version,
                                  std::string claims_json) override {
    return writer_.Write<std::int64_t>(
        [id = std::move(id), expected_version, claims = std::move(claims_json)](Connection& c) -> Result<std::int64_t> {
          const auto changed =
              Query(c, "UPDATE sessions SET claims = ?, version = version + 1 WHERE id = ? AND version = ?", claims, id,
                    expected_version)
                  .Run();
          if (changed == 0) return std::unexpected(WhyNotSwapped(c, id));
          return expected_version + 1;
        });
  }

  Task<std::int64_t> UpdateTokens(model::SessionId id, std::int64_t expected_version,
                                  std::string sealed_tokens) override {
    return writer_.Write<std::int64_t>([id = std::move(id), expected_version,
                                        tokens = std::move(sealed_tokens)](Connection& c) -> Result<std::int64_t> {
      const auto changed =
          Query(c, "UPDATE sessions SET sealed_tokens = ?, version = version + 1 WHERE id = ? AND version = ?",
                Blob{tokens}, id, expected_version)
              .Run();
      if (changed == 0) return std::unexpected(WhyNotSwapped(c, id));
      return expected_version + 1;
    });
  }

  Task<MaybeEnded> Revoke(model::SessionId id, std::optional<model::UserId> owner, model::EndReason reason) override {
    return writer_.Write<MaybeEnded>(
        [id = std::move(id), owner = std::move(owner), reason](Connection& c) -> Result<MaybeEnded> {
          if (owner && !Query(c, "SELECT 1 FROM sessions WHERE id = ? AND \"userId\" = ?", id, owner).Step()) {
            return MaybeEnded();
          }
          return EndSession(c, id, reason);
        });
  }

  Task<Ended> RevokeAllOfUser(model::UserId id, std::optional<model::SessionId> except,
                              model::EndReason reason) override {
    return writer_.Write<Ended>([id = std::move(id), except = std::move(except), reason](
                                    Connection& c) -> Result<Ended> { return EndSessionsOf(c, id, except, reason); });
  }

  Task<Ended> SetUserDisabled(model::UserId id, bool disabled) override {
    return writer_.Write<Ended>([id = std::move(id), disabled](Connection& c) -> Result<Ended> {
      if (Query(c, "UPDATE users SET disabled = ? WHERE id = ?", disabled, id).Run() == 0) return Fail(Errc::kNotFound);
      if (!disabled) return Ended();
      return EndSessionsOf(c, id, std::nullopt, model::EndReason::kUserDisabled);
    });
  }

  Task<Ended> SetPassword(model::UserId id, std::string hash, std::optional<model::SessionId> except) override {
    return writer_.Write<Ended>(
        [id = std::move(id), hash = std::move(hash), except = std::move(except)](Connection& c) -> Result<Ended> {
          if (Query(c, "UPDATE users SET password_hash = ? WHERE id = ?", hash, id).Run() == 0)
            return Fail(Errc::kNotFound);
          DropAccountTokens(c, id);
          return EndSessionsOf(c, id, except, model::EndReason::kPasswordChanged);
        });
  }

  Task<Ended> RevocationsSince(std::int64_t sequence, Timestamp now) override {
    return readers_.Read<Ended>([sequence, now](Connection& c) -> Result<Ended> {
      Query rows(
          c,
          "SELECT sequence, session_id, user_id, reason, until FROM revocations WHERE sequence > ? AND until > ? "
          "ORDER BY sequence",
          sequence, now);
      Ended ended;
      while (rows.Step()) {
        ended.push_back({rows.Integer(0), rows.Text(1), rows.Text(2), ReasonFrom(rows.View(3)), rows.Time(4)});
      }
      return ended;
    });
  }

  Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) override {
    return writer_.Write<std::size_t>([this, now, limit](Connection& c) -> Result<std::size_t> {
      const std::int64_t rows = RowLimit(limit);
      const std::int64_t sessions = Query(c,
                                          "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions "
                                          "WHERE expires <= ?1 OR absolute_end <= ?1 LIMIT ?2)",
                                          now, rows)
                                        .Run();
      writer_.Count(WriterCounter::kExpiredSessions, static_cast<std::uint64_t>(sessions));
      const std::int64_t revocations =
          Query(c,
                "DELETE FROM revocations WHERE sequence IN (SELECT sequence FROM revocations "
                "WHERE until <= ? LIMIT ?)",
                now, rows - sessions)
              .Run();
      return static_cast<std::size_t>(sessions + revocations);
    });
  }

 private:
  Writer& writer_;
  ReaderPool& readers_;
};

}  // namespace

std::unique_ptr<SessionStore> MakeSessionStore(Writer& writer, ReaderPool& readers) {
  return std::make_unique<SqliteSessionStore>(writer, readers);
}

}  // namespace sallyport::store::sqlite
