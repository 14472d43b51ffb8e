// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

bool IsExpired(const model::SessionRecord& session, Timestamp now) {
  return session.absolute_end <= now || session.idle_end <= now;
}

bool IsNewer(const model::SessionRecord& a, const model::SessionRecord& b) {
  return std::tie(a.auth_time, a.id) > std::tie(b.auth_time, b.id);
}

class MemorySessionStore final : public SessionStore {
 public:
  explicit MemorySessionStore(State& state) : state_(state) {}

  Task<std::optional<Revocation>> CompleteSignIn(CompleteSignInCommand command) override {
    const std::lock_guard lock(state_.mutex);
    model::SessionRecord& session = command.session;
    const UserRow* user = state_.FindUser(session.user_id);
    const bool welcome = user != nullptr ? !user->user.disabled : session.method == "adopted";
    if (!welcome) co_return Fail(Errc::kNotFound);
    if (session.id.empty() || state_.sessions.contains(session.id)) co_return Fail(Errc::kConflict);
    if (session.token_hash && state_.session_of_token.contains(*session.token_hash)) co_return Fail(Errc::kConflict);
    if (std::ranges::any_of(state_.revocations, [&](const auto& r) { return r.session_id == session.id; })) {
      co_return Fail(Errc::kConflict, "the session id was revoked");
    }
    std::optional<Revocation> replaced;
    if (command.replaces) replaced = state_.EndSession(*command.replaces, model::EndReason::kReplaced);
    if (session.token_hash) state_.session_of_token[*session.token_hash] = session.id;
    state_.sessions[session.id] = session;
    co_return replaced;
  }

  Task<std::optional<SessionWithUser>> FindByTokenHash(model::TokenHash hash) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<SessionWithUser> found;
    const auto id = state_.session_of_token.find(hash);
    if (id != state_.session_of_token.end()) found = state_.Join(state_.sessions.at(id->second));
    co_return found;
  }

  Task<std::optional<SessionWithUser>> FindById(model::SessionId id) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<SessionWithUser> found;
    const auto session = state_.sessions.find(id);
    if (session != state_.sessions.end()) found = state_.Join(session->second);
    co_return found;
  }

  Task<std::vector<model::SessionRecord>> ListForUser(model::UserId id, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<model::SessionRecord> sessions;
    for (const auto& [sid, session] : state_.sessions) {
      if (session.user_id == id && !IsExpired(session, now)) sessions.push_back(session);
    }
    std::ranges::sort(sessions, IsNewer);
    co_return sessions;
  }

  Task<std::vector<SessionWithUser>> List(model::UserId user_id, std::size_t limit, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<SessionWithUser> sessions;
    for (const auto& [sid, session] : state_.sessions) {
      if ((user_id.empty() || session.user_id == user_id) && !IsExpired(session, now)) {
        sessions.push_back(state_.Join(session));
      }
    }
    std::ranges::sort(sessions, IsNewer, &SessionWithUser::session);
    if (sessions.size() > limit) sessions.resize(limit);
    co_return sessions;
  }

  Task<std::vector<model::SessionId>> FindAtProvider(std::string method, model::AtProvider named) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<model::SessionId> ids;
    for (const auto& [id, session] : state_.sessions) {
      const model::AtProvider& at = session.at_provider;
      const bool same = (!at.sid.empty() && at.sid == named.sid) || (!at.subject.empty() && at.subject == named.subject);
      if (same && session.method == method) ids.push_back(id);
    }
    co_return ids;
  }

  Task<void> Touch(std::vector<SessionTouch> touches) override {
    const std::lock_guard lock(state_.mutex);
    for (const SessionTouch& touch : touches) {
      const auto found = state_.sessions.find(touch.id);
      if (found == state_.sessions.end()) continue;
      model::SessionRecord& session = found->second;
      session.last_seen = std::max(session.last_seen, touch.last_seen);
      session.idle_end = std::max(session.idle_end, std::min(touch.idle_end, session.absolute_end));
    }
    co_return Result<void>();
  }

  Task<std::int64_t> UpdateClaims(model::SessionId id, std::int64_t expected_version,
                                  std::string claims_json) override {
    return Update(std::move(id), expected_version, &model::SessionRecord::claims_json, std::move(claims_json));
  }

  Task<std::int64_t> UpdateTokens(model::SessionId id, std::int64_t expected_version,
                                  std::string sealed_tokens) override {
    return Update(std::move(id), expected_version, &model::SessionRecord::sealed_tokens, std::move(sealed_tokens));
  }

  Task<std::optional<Revocation>> Revoke(model::SessionId id, std::optional<model::UserId> owner,
                                         model::EndReason reason) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<Revocation> ended;
    const auto found = state_.sessions.find(id);
    const bool theirs = found != state_.sessions.end() && (!owner || found->second.user_id == *owner);
    if (theirs) ended = state_.EndSession(id, reason);
    co_return ended;
  }

  Task<std::vector<Revocation>> RevokeAllOfUser(model::UserId id, std::optional<model::SessionId> except,
                                                model::EndReason reason) override {
    const std::lock_guard lock(state_.mutex);
    co_return state_.EndSessionsOf(id, except, reason);
  }

  Task<std::vector<Revocation>> SetUserDisabled(model::UserId id, bool disabled) override {
    const std::lock_guard lock(state_.mutex);
    UserRow* user = state_.FindUser(id);
    if (user == nullptr) co_return Fail(Errc::kNotFound);
    user->user.disabled = disabled;
    std::vector<Revocation> ended;
    if (disabled) ended = state_.EndSessionsOf(id, std::nullopt, model::EndReason::kUserDisabled);
    co_return ended;
  }

  Task<std::vector<Revocation>> SetPassword(model::UserId id, std::string hash,
                                            std::optional<model::SessionId> except) override {
    const std::lock_guard lock(state_.mutex);
    UserRow* user = state_.FindUser(id);
    if (user == nullptr) co_return Fail(Errc::kNotFound);
    user->password_hash = std::move(hash);
    state_.DropAccountTokens(id);
    co_return state_.EndSessionsOf(id, except, model::EndReason::kPasswordChanged);
  }

  Task<std::vector<Revocation>> RevocationsSince(std::int64_t sequence, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<Revocation> revocations;
    for (const Revocation& revocation : state_.revocations) {
      if (revocation.sequence > sequence && revocation.until > now) revocations.push_back(revocation);
    }
    co_return revocations;
  }

  Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) override {
    const std::lock_guard lock(state_.mutex);
    std::size_t deleted = 0;
    for (auto it = state_.sessions.begin(); it != state_.sessions.end() && deleted < limit;) {
      if (!IsExpired(it->second, now)) {
        ++it;
        continue;
      }
      if (it->second.token_hash) state_.session_of_token.erase(*it->second.token_hash);
      it = state_.sessions.erase(it);
      ++deleted;
    }
    for (auto it = state_.revocations.begin(); it != state_.revocations.end() && deleted < limit;) {
      if (it->until > now) {
        ++it;
        continue;
      }
      it = state_.revocations.erase(it);
      ++deleted;
    }
    co_return deleted;
  }

 private:
  Task<std::int64_t> Update(model::SessionId id, std::int64_t expected_version,
                            std::string model::SessionRecord::*member, std::string value) {
    const std::lock_guard lock(state_.mutex);
    const auto found = state_.sessions.find(id);
    if (found == state_.sessions.end()) co_return Fail(Errc::kNotFound);
    if (found->second.version != expected_version) co_return Fail(Errc::kConflict);
    found->second.*member = std::move(value);
    co_return ++found->second.version;
  }

  State& state_;
};

}  // namespace

std::unique_ptr<SessionStore> MakeSessionStore(State& state) { return std::make_unique<MemorySessionStore>(state); }

}  // namespace sallyport::store::memory
