// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {

UserRow* State::FindUser(const model::UserId& id) {
  const auto found = users.find(id);
  return found == users.end() ? nullptr : &found->second;
}

UserRow* State::FindUserByEmail(const std::string& email) {
  if (email.empty()) return nullptr;
  for (auto& [id, row] : users) {
    if (row.user.email == email) return &row;
  }
  return nullptr;
}

bool State::CanInsertUser(const model::User& user) {
  if (user.id.empty() || users.contains(user.id)) return false;
  return !user.email || (!user.email->empty() && FindUserByEmail(*user.email) == nullptr);
}

void State::DropAccountTokens(const model::UserId& user_id) {
  std::erase_if(tokens, [&](const auto& entry) {
    const VerificationToken& token = entry.second.token;
    return token.user_id == user_id && (token.purpose == "reset" || token.purpose == "email_change");
  });
}

SessionWithUser State::Join(const model::SessionRecord& session) {
  SessionWithUser joined{session, std::nullopt};
  if (const UserRow* row = FindUser(session.user_id)) joined.user = row->user;
  return joined;
}

std::optional<Revocation> State::EndSession(const model::SessionId& id, model::EndReason reason) {
  const auto found = sessions.find(id);
  if (found == sessions.end()) return std::nullopt;
  const model::SessionRecord& session = found->second;
  Revocation revocation{++last_sequence, session.id, session.user_id, reason, session.absolute_end};
  revocations.push_back(revocation);
  revocation.sealed_tokens = session.sealed_tokens;
  if (session.token_hash) session_of_token.erase(*session.token_hash);
  sessions.erase(found);
  return revocation;
}

std::vector<Revocation> State::EndSessionsOf(const model::UserId& user_id,
                                             const std::optional<model::SessionId>& except, model::EndReason reason) {
  std::vector<model::SessionId> ids;
  for (const auto& [id, session] : sessions) {
    if (session.user_id == user_id && id != except) ids.push_back(id);
  }
  std::vector<Revocation> ended;
  for (const auto& id : ids) ended.push_back(*EndSession(id, reason));
  return ended;
}

}  // namespace sallyport::store::memory
