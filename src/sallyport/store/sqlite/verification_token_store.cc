// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/sqlite/aggregates.h"
#include "sallyport/store/sqlite/email_signin.h"
#include "sallyport/store/sqlite/ending.h"
#include "sallyport/store/sqlite/rows.h"

#define SALLYPORT_TOKEN_COLUMNS "token, purpose, identifier, user_id, payload, created_at, expires, attempts"

namespace sallyport::store::sqlite {
namespace {

using Found = std::optional<VerificationToken>;
// The inner result is what the caller gets; as a value of the command it is committed, so that a token stays consumed.
template <class T>
using Kept = Result<T>;

VerificationToken ReadToken(const Query& row) {
  return {row.Text(0), row.Text(1), row.Text(2), row.Text(3),
          row.Text(4), row.Time(5), row.Time(6), static_cast<int>(row.Integer(7))};
}

Found Take(Connection& c, const std::string& token_hash, std::string_view purpose, Timestamp now) {
  Query row(c,
            "DELETE FROM verification_token WHERE token = ? AND purpose = ? AND expires > ? "
            "RETURNING " SALLYPORT_TOKEN_COLUMNS,
            token_hash, purpose, now);
  if (!row.Step()) return std::nullopt;
  return ReadToken(row);
}

// The id of the user with this address; empty when there is none.
model::UserId OwnerOf(Connection& c, const std::string& email) {
  Query row(c, "SELECT id FROM users WHERE email = ?", email);
  return row.Step() ? row.Text(0) : std::string();
}

template <class T>
Task<T> Flatten(Task<Kept<T>> task) {
  Result<Kept<T>> outcome = co_await std::move(task);
  if (!outcome) co_return std::unexpected(std::move(outcome).error());
  co_return std::move(*outcome);
}

class SqliteVerificationTokenStore final : public VerificationTokenStore {
 public:
  SqliteVerificationTokenStore(Writer& writer, ReaderPool& readers) : writer_(writer), readers_(readers) {}

  Task<void> Create(VerificationToken token, std::size_t keep) override {
    return writer_.Write<void>([token = std::move(token), keep](Connection& c) -> Result<void> {
      Query(c, "INSERT INTO verification_token (" SALLYPORT_TOKEN_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            token.token_hash, token.purpose, token.identifier, token.user_id, Blob{token.payload}, token.created_at,
            token.expires, token.attempts)
          .Run();
      Query(
          c,
          "DELETE FROM verification_token WHERE identifier = ?1 AND purpose = ?2 AND serial NOT IN (SELECT serial FROM "
          "verification_token WHERE identifier = ?1 AND purpose = ?2 ORDER BY serial DESC LIMIT ?3)",
          token.identifier, token.purpose, RowLimit(std::max<std::size_t>(keep, 1)))
          .Run();
      return {};
    });
  }

  Task<Found> Find(std::string token_hash, std::string purpose, Timestamp now) override {
    return readers_.Read<Found>(
        [token_hash = std::move(token_hash), purpose = std::move(purpose), now](Connection& c) -> Result<Found> {
          Query row(c,
                    "SELECT " SALLYPORT_TOKEN_COLUMNS
                    " FROM verification_token WHERE token = ? AND purpose = ? AND expires > ?",
                    token_hash, purpose, now);
          if (!row.Step()) return Found();
          return ReadToken(row);
        });
  }

  Task<Found> Consume(std::string token_hash, std::string purpose, Timestamp now) override {
    return writer_.Write<Found>([token_hash = std::move(token_hash), purpose = std::move(purpose),
                                 now](Connection& c) -> Result<Found> { return Take(c, token_hash, purpose, now); });
  }

  Task<int> CountAttempt(std::string token_hash, int max) override {
    return writer_.Write<int>([token_hash = std::move(token_hash), max](Connection& c) -> Result<int> {
      int attempts = 0;
      {
        Query row(c, "UPDATE verification_token SET attempts = attempts + 1 WHERE token = ? RETURNING attempts",
                  token_hash);
        if (!row.Step()) return 0;
        attempts = static_cast<int>(row.Integer(0));
      }
      if (attempts >= max) Query(c, "DELETE FROM verification_token WHERE token = ?", token_hash).Run();
      return attempts;
    });
  }

  Task<void> ConfirmRegistration(std::string token_hash, model::User user, std::string password_hash,
                                 Timestamp now) override {
    return Flatten<void>(writer_.Write<Kept<void>>([token_hash = std::move(token_hash), user = std::move(user),
                                                    password_hash = std::move(password_hash),
                                                    now](Connection& c) -> Result<Kept<void>> {
      const Found token = Take(c, token_hash, "register", now);
      if (!token) return Kept<void>(Fail(Errc::kNotFound));
      if (!OwnerOf(c, token->identifier).empty()) return Kept<void>(Fail(Errc::kConflict));
      model::User confirmed = user;
      confirmed.email = token->identifier;
      confirmed.email_verified = now;
      InsertUser(c, confirmed, password_hash);
      Query(c, "DELETE FROM verification_token WHERE identifier = ? AND purpose = 'register'", token->identifier).Run();
      return Kept<void>();
    }));
  }

  Task<std::vector<Revocation>> ResetPassword(std::string token_hash, std::string password_hash,
                                              Timestamp now) override {
    using Ended = std::vector<Revocation>;
    return Flatten<Ended>(writer_.Write<Kept<Ended>>([token_hash = std::move(token_hash),
                                                      password_hash = std::move(password_hash),
                                                      now](Connection& c) -> Result<Kept<Ended>> {
      const Found token = Take(c, token_hash, "reset", now);
      if (!token) return Kept<Ended>(Fail(Errc::kNotFound));
      const auto changed = Query(c,
                                 "UPDATE users SET password_hash = ?, \"emailVerified\" = ifnull(\"emailVerified\", ?) "
                                 "WHERE id = ? AND email = ?",
                                 password_hash, now, token->user_id, token->identifier)
                               .Run();
      if (changed == 0) return Kept<Ended>(Fail(Errc::kNotFound));
      DropAccountTokens(c, token->user_id);
      return Kept<Ended>(EndSessionsOf(c, token->user_id, std::nullopt, model::EndReason::kPasswordChanged));
    }));
  }

  Task<void> ChangeEmail(std::string token_hash, Timestamp now) override {
    return Flatten<void>(
        writer_.Write<Kept<void>>([token_hash = std::move(token_hash), now](Connection& c) -> Result<Kept<void>> {
          const Found token = Take(c, token_hash, "email_change", now);
          if (!token) return Kept<void>(Fail(Errc::kNotFound));
          const model::UserId owner = OwnerOf(c, token->identifier);
          if (!owner.empty() && owner != token->user_id) return Kept<void>(Fail(Errc::kConflict));
          const auto changed = Query(c, "UPDATE users SET email = ?, \"emailVerified\" = ? WHERE id = ?",
                                     token->identifier, now, token->user_id)
                                   .Run();
          if (changed == 0) return Kept<void>(Fail(Errc::kNotFound));
          DropAccountTokens(c, token->user_id);
          return Kept<void>();
        }));
  }

  Task<SignedInByEmail> SignInByEmail(std::string token_hash, std::optional<model::User> newcomer, Timestamp now) override {
    return Flatten<SignedInByEmail>(writer_.Write<Kept<SignedInByEmail>>(
        [token_hash = std::move(token_hash), newcomer = std::move(newcomer), now](Connection& c) -> Result<Kept<SignedInByEmail>> {
          const Found token = Take(c, token_hash, "email_signin", now);
          if (!token) return Kept<SignedInByEmail>(Fail(Errc::kNotFound));
          return Kept<SignedInByEmail>(SignInAddress(c, token->identifier, newcomer, now));
        }));
  }

  Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) override {
    return writer_.Write<std::size_t>([now, limit](Connection& c) -> Result<std::size_t> {
      const auto deleted =
          Query(c,
                "DELETE FROM verification_token WHERE serial IN (SELECT serial FROM verification_token "
                "WHERE expires <= ? LIMIT ?)",
                now, RowLimit(limit))
              .Run();
      return static_cast<std::size_t>(deleted);
    });
  }

 private:
  Writer& writer_;
  ReaderPool& readers_;
};

}  // namespace

std::unique_ptr<VerificationTokenStore> MakeVerificationTokenStore(Writer& writer, ReaderPool& readers) {
  return std::make_unique<SqliteVerificationTokenStore>(writer, readers);
}

}  // namespace sallyport::store::sqlite
