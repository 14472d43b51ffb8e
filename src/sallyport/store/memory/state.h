// SPDX-License-Identifier: Apache-2.0
// What the memory backend holds: plain maps behind one mutex. For tests; nothing survives the process.
//
// The members and the functions below are used with `mutex` held.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sallyport/store/store.h"

namespace sallyport::store::memory {

struct UserRow {
  model::User user;
  std::string password_hash;
};

struct TokenRow {
  VerificationToken token;
  std::uint64_t serial = 0;  // order of creation
};

struct State {
  static constexpr std::size_t kMaxAuditEvents = 100'000;

  std::mutex mutex;
  std::map<model::UserId, UserRow> users;
  std::map<std::pair<std::string, std::string>, model::Account> accounts;  // by provider, provider_account_id
  std::map<model::SessionId, model::SessionRecord> sessions;
  std::map<model::TokenHash, model::SessionId> session_of_token;
  std::vector<Revocation> revocations;
  std::int64_t last_sequence = 0;
  std::map<std::string, TokenRow> tokens;  // by hash
  std::uint64_t last_token_serial = 0;
  std::map<std::string, SigningKeyRecord> keys;
  std::deque<model::AuditEvent> audit;
  std::map<std::int64_t, QueuedMail> mails;
  std::int64_t last_mail_id = 0;

  UserRow* FindUser(const model::UserId& id);
  UserRow* FindUserByEmail(const std::string& email);
  bool CanInsertUser(const model::User& user);
  // Deletes the user's tokens that could still change their password or address.
  void DropAccountTokens(const model::UserId& user_id);
  SessionWithUser Join(const model::SessionRecord& session);
  std::optional<Revocation> EndSession(const model::SessionId& id, model::EndReason reason);
  std::vector<Revocation> EndSessionsOf(const model::UserId& user_id, const std::optional<model::SessionId>& except,
                                        model::EndReason reason);
};

// Who an e-mail sign-in signs in, the address being proved; kConflict when the newcomer's id is taken.
Result<SignedInByEmail> SignInAddress(State& state, const std::string& address, std::optional<model::User> newcomer, Timestamp now);

// `state` must outlive what they return.
std::unique_ptr<UserStore> MakeUserStore(State& state);
std::unique_ptr<SessionStore> MakeSessionStore(State& state);
std::unique_ptr<VerificationTokenStore> MakeVerificationTokenStore(State& state);
std::unique_ptr<KeyStore> MakeKeyStore(State& state);
std::unique_ptr<AuditStore> MakeAuditStore(State& state);
std::unique_ptr<MailQueue> MakeMailQueue(State& state);

}  // namespace sallyport::store::memory
