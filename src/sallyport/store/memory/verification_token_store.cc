// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

class MemoryVerificationTokenStore final : public VerificationTokenStore {
 public:
  explicit MemoryVerificationTokenStore(State& state) : state_(state) {}

  Task<void> Create(VerificationToken token, std::size_t keep) override {
    const std::lock_guard lock(state_.mutex);
    if (token.token_hash.empty() || token.identifier.empty() || state_.tokens.contains(token.token_hash)) {
      co_return Fail(Errc::kConflict);
    }
    const std::string hash = token.token_hash;
    const std::string purpose = token.purpose;
    const std::string identifier = token.identifier;
    state_.tokens[hash] = TokenRow{std::move(token), ++state_.last_token_serial};
    KeepNewest(purpose, identifier, std::max<std::size_t>(keep, 1));
    co_return Result<void>();
  }

  Task<std::optional<VerificationToken>> Find(std::string token_hash, std::string purpose, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<VerificationToken> found;
    const auto it = state_.tokens.find(token_hash);
    if (it != state_.tokens.end() && IsUsable(it->second.token, purpose, now)) found = it->second.token;
    co_return found;
  }

  Task<std::optional<VerificationToken>> Consume(std::string token_hash, std::string purpose, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    co_return Take(token_hash, purpose, now);
  }

  Task<int> CountAttempt(std::string token_hash, int max) override {
    const std::lock_guard lock(state_.mutex);
    const auto it = state_.tokens.find(token_hash);
    if (it == state_.tokens.end()) co_return 0;
    const int attempts = ++it->second.token.attempts;
    if (attempts >= max) state_.tokens.erase(it);
    co_return attempts;
  }

  Task<void> ConfirmRegistration(std::string token_hash, model::User user, std::string password_hash,
                                 Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    const std::optional<VerificationToken> token = Take(token_hash, "register", now);
    if (!token) co_return Fail(Errc::kNotFound);
    user.email = token->identifier;
    user.email_verified = now;
    if (!state_.CanInsertUser(user)) co_return Fail(Errc::kConflict);
    const model::UserId id = user.id;
    state_.users[id] = UserRow{std::move(user), std::move(password_hash)};
    std::erase_if(state_.tokens, [&](const auto& entry) {
      return entry.second.token.purpose == "register" && entry.second.token.identifier == token->identifier;
    });
    co_return Result<void>();
  }

  Task<std::vector<Revocation>> ResetPassword(std::string token_hash, std::string password_hash,
                                              Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    const std::optional<VerificationToken> token = Take(token_hash, "reset", now);
    if (!token) co_return Fail(Errc::kNotFound);
    UserRow* row = state_.FindUser(token->user_id);
    if (row == nullptr || row->user.email != token->identifier) co_return Fail(Errc::kNotFound);
    row->password_hash = std::move(password_hash);
    if (!row->user.email_verified) row->user.email_verified = now;
    state_.DropAccountTokens(token->user_id);
    co_return state_.EndSessionsOf(token->user_id, std::nullopt, model::EndReason::kPasswordChanged);
  }

  Task<void> ChangeEmail(std::string token_hash, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    const std::optional<VerificationToken> token = Take(token_hash, "email_change", now);
    if (!token) co_return Fail(Errc::kNotFound);
    UserRow* row = state_.FindUser(token->user_id);
    if (row == nullptr) co_return Fail(Errc::kNotFound);
    const UserRow* owner = state_.FindUserByEmail(token->identifier);
    if (owner != nullptr && owner != row) co_return Fail(Errc::kConflict);
    row->user.email = token->identifier;
    row->user.email_verified = now;
    state_.DropAccountTokens(token->user_id);
    co_return Result<void>();
  }

  Task<SignedInByEmail> SignInByEmail(std::string token_hash, std::optional<model::User> newcomer, Timestamp now) override {
    const std::lock_guard lock(state_.mutex);
    const std::optional<VerificationToken> token = Take(token_hash, "email_signin", now);
    if (!token) co_return Fail(Errc::kNotFound);
    co_return SignInAddress(state_, token->identifier, std::move(newcomer), now);
  }

  Task<std::size_t> DeleteExpired(Timestamp now, std::size_t limit) override {
    const std::lock_guard lock(state_.mutex);
    std::size_t deleted = 0;
    for (auto it = state_.tokens.begin(); it != state_.tokens.end() && deleted < limit;) {
      if (it->second.token.expires > now) {
        ++it;
        continue;
      }
      it = state_.tokens.erase(it);
      ++deleted;
    }
    co_return deleted;
  }

 private:
  static bool IsUsable(const VerificationToken& token, const std::string& purpose, Timestamp now) {
    return token.purpose == purpose && token.expires > now;
  }

  std::optional<VerificationToken> Take(const std::string& token_hash, const std::string& purpose, Timestamp now) {
    const auto it = state_.tokens.find(token_hash);
    if (it == state_.tokens.end() || !IsUsable(it->second.token, purpose, now)) return std::nullopt;
    VerificationToken token = std::move(it->second.token);
    state_.tokens.erase(it);
    return token;
  }

  void KeepNewest(const std::string& purpose, const std::string& identifier, std::size_t keep) {
    std::vector<std::pair<std::uint64_t, std::string>> same;
    for (const auto& [hash, row] : state_.tokens) {
      if (row.token.purpose == purpose && row.token.identifier == identifier) same.emplace_back(row.serial, hash);
    }
    std::ranges::sort(same, std::greater<>());
    for (std::size_t i = keep; i < same.size(); ++i) state_.tokens.erase(same[i].second);
  }

  State& state_;
};

}  // namespace

std::unique_ptr<VerificationTokenStore> MakeVerificationTokenStore(State& state) {
  return std::make_unique<MemoryVerificationTokenStore>(state);
}

}  // namespace sallyport::store::memory
