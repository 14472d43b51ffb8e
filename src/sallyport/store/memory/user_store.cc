// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/store/memory/state.h"

namespace sallyport::store::memory {
namespace {

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool Matches(const model::User& user, const std::string& needle) {
  return needle.empty() || Lower(user.email.value_or("")).find(needle) != std::string::npos ||
         Lower(user.name.value_or("")).find(needle) != std::string::npos;
}

UserWithPassword WithPassword(const UserRow& row) {
  UserWithPassword out{row.user, std::nullopt};
  if (!row.password_hash.empty()) out.password_hash = row.password_hash;
  return out;
}

class MemoryUserStore final : public UserStore {
 public:
  explicit MemoryUserStore(State& state) : state_(state) {}

  Task<void> Create(model::User user, std::string password_hash) override {
    const std::lock_guard lock(state_.mutex);
    if (!state_.CanInsertUser(user)) co_return Fail(Errc::kConflict);
    const model::UserId id = user.id;
    state_.users[id] = UserRow{std::move(user), std::move(password_hash)};
    co_return Result<void>();
  }

  Task<void> CreateWithAccount(model::User user, model::Account account) override {
    const std::lock_guard lock(state_.mutex);
    const std::pair key(account.provider, account.provider_account_id);
    if (key.first.empty() || key.second.empty() || state_.accounts.contains(key)) co_return Fail(Errc::kConflict);
    if (!state_.CanInsertUser(user)) co_return Fail(Errc::kConflict);
    account.user_id = user.id;
    state_.accounts[key] = std::move(account);
    const model::UserId id = user.id;
    state_.users[id] = UserRow{std::move(user), {}};
    co_return Result<void>();
  }

  Task<std::optional<model::User>> FindById(model::UserId id) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<model::User> found;
    if (const UserRow* row = state_.FindUser(id)) found = row->user;
    co_return found;
  }

  Task<std::optional<UserWithPassword>> FindByEmail(std::string email) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<UserWithPassword> found;
    if (const UserRow* row = state_.FindUserByEmail(email)) found = WithPassword(*row);
    co_return found;
  }

  Task<std::optional<UserWithPassword>> FindWithPassword(model::UserId id) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<UserWithPassword> found;
    if (const UserRow* row = state_.FindUser(id)) found = WithPassword(*row);
    co_return found;
  }

  Task<std::optional<model::User>> FindByAccount(std::string provider, std::string provider_account_id) override {
    const std::lock_guard lock(state_.mutex);
    std::optional<model::User> found;
    const auto account = state_.accounts.find({provider, provider_account_id});
    if (account != state_.accounts.end()) {
      if (const UserRow* row = state_.FindUser(account->second.user_id)) found = row->user;
    }
    co_return found;
  }

  Task<std::vector<model::Account>> ListAccounts(model::UserId id) override {
    const std::lock_guard lock(state_.mutex);
    std::vector<model::Account> accounts;
    for (const auto& [key, account] : state_.accounts) {
      if (account.user_id == id) accounts.push_back(account);
    }
    co_return accounts;
  }

  Task<AccountResolution> ResolveAccount(ResolveAccountCommand command) override {
    const std::lock_guard lock(state_.mutex);
    const AccountFacts facts = LookUp(command);
    AccountResolution out;
    out.outcome = JudgeAccount(command, facts);
    const std::pair key(command.account.provider, command.account.provider_account_id);
    if (key.first.empty() || key.second.empty()) co_return Fail(Errc::kConflict);
    switch (out.outcome) {
      case AccountOutcome::kKnown:
        out.user = *facts.owner;
        if (facts.owner_issuer.empty()) state_.accounts[key].issuer = command.account.issuer;
        co_return out;
      case AccountOutcome::kLinked:
        out.user = facts.link_to ? *facts.link_to : *facts.by_email;
        break;
      case AccountOutcome::kClaimed: {
        out.ended = Dispossess(facts.by_email->id);
        model::User& user = state_.FindUser(facts.by_email->id)->user;
        user.email_verified = command.now;
        user.name = command.candidate.name;
        user.image = command.candidate.image;
        out.user = user;
        break;
      }
      case AccountOutcome::kCreatedWithAddress:
        out.ended = Dispossess(facts.by_email->id);
        state_.FindUser(facts.by_email->id)->user.email.reset();
        [[fallthrough]];
      case AccountOutcome::kCreated:
        if (!state_.CanInsertUser(command.candidate)) co_return Fail(Errc::kConflict);
        out.user = command.candidate;
        state_.users[out.user.id] = UserRow{out.user, {}};
        break;
      default: co_return out;  // refused
    }
    model::Account account = command.account;
    account.user_id = out.user.id;
    state_.accounts[key] = std::move(account);
    co_return out;
  }

  Task<UnlinkOutcome> UnlinkAccount(UnlinkAccountCommand command) override {
    const std::lock_guard lock(state_.mutex);
    const auto found = state_.accounts.find({command.provider, command.provider_account_id});
    const UserRow* user = state_.FindUser(command.user_id);
    if (found == state_.accounts.end() || user == nullptr || found->second.user_id != command.user_id) co_return UnlinkOutcome::kNotFound;
    std::vector<model::Account> rest;
    for (const auto& [key, account] : state_.accounts) {
      if (account.user_id == command.user_id && key != found->first) rest.push_back(account);
    }
    if (!HasAnotherWayIn(command, user->user, !user->password_hash.empty(), rest)) co_return UnlinkOutcome::kLastWayIn;
    state_.accounts.erase(found);
    co_return UnlinkOutcome::kUnlinked;
  }

  Task<std::vector<model::User>> List(UserQuery query) override {
    const std::lock_guard lock(state_.mutex);
    const std::size_t limit = std::min<std::size_t>(query.limit, 1000);
    const std::string needle = Lower(query.contains);
    std::vector<model::User> users;
    for (auto it = state_.users.upper_bound(query.after_id); it != state_.users.end() && users.size() < limit; ++it) {
      if (Matches(it->second.user, needle)) users.push_back(it->second.user);
    }
    co_return users;
  }

  Task<void> UpdateProfile(model::User user) override {
    const std::lock_guard lock(state_.mutex);
    UserRow* row = state_.FindUser(user.id);
    if (row == nullptr) co_return Fail(Errc::kNotFound);
    if (user.email) {
      const UserRow* owner = state_.FindUserByEmail(*user.email);
      if (user.email->empty() || (owner != nullptr && owner != row)) co_return Fail(Errc::kConflict);
    }
    user.disabled = row->user.disabled;
    user.created_at = row->user.created_at;
    row->user = std::move(user);
    co_return Result<void>();
  }

  Task<void> ReplacePasswordHash(model::UserId id, std::string expected, std::string hash) override {
    const std::lock_guard lock(state_.mutex);
    UserRow* row = state_.FindUser(id);
    if (row == nullptr || expected.empty() || row->password_hash != expected) co_return Fail(Errc::kConflict);
    row->password_hash = std::move(hash);
    co_return Result<void>();
  }

 private:
  // These with the mutex held.
  AccountFacts LookUp(const ResolveAccountCommand& command) {
    AccountFacts facts;
    const auto account = state_.accounts.find({command.account.provider, command.account.provider_account_id});
    if (account != state_.accounts.end()) {
      facts.owner = state_.FindUser(account->second.user_id)->user;
      facts.owner_issuer = account->second.issuer;
    }
    if (const UserRow* row = state_.FindUser(command.link_to)) facts.link_to = row->user;
    const UserRow* by_email = state_.FindUserByEmail(command.candidate.email.value_or(""));
    if (by_email == nullptr) return facts;
    facts.by_email = by_email->user;
    for (const auto& [key, each] : state_.accounts) {
      if (each.user_id != by_email->user.id) continue;
      facts.by_email_has_accounts = true;
      facts.by_email_has_backend |= each.type == "credentials";
    }
    return facts;
  }

  std::vector<Revocation> Dispossess(const model::UserId& id) {
    state_.FindUser(id)->password_hash.clear();
    state_.DropAccountTokens(id);
    return state_.EndSessionsOf(id, std::nullopt, model::EndReason::kPasswordChanged);
  }

  State& state_;
};

}  // namespace

std::unique_ptr<UserStore> MakeUserStore(State& state) { return std::make_unique<MemoryUserStore>(state); }

}  // namespace sallyport::store::memory
