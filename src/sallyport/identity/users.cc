// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/users.h"

#include <algorithm>

#include "sallyport/identity/email_address.h"
#include "sallyport/identity/registration.h"

namespace sallyport::identity {
namespace {

constexpr std::size_t kMaxGroupBytes = 64;

Result<std::vector<std::string>> CanonicalGroups(std::vector<std::string> groups) {
  const auto is_bad = [](char c) { return c == ',' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  for (const std::string& group : groups) {
    if (group.empty() || group.size() > kMaxGroupBytes || std::ranges::any_of(group, is_bad))
      return Fail(Errc::kInvalidGroup);
  }
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

}  // namespace

Users::Users(store::Store& store, PasswordHasher& hasher, PasswordPolicy policy, const Clock& clock, Random& random)
    : store_(store), hasher_(hasher), policy_(std::move(policy)), clock_(clock), random_(random) {}

Task<model::User> Users::CreateByAdmin(NewUser form) {
  model::User user;
  user.email = CanonicalEmail(form.email);
  if (!user.email) co_return Fail(Errc::kInvalidEmail);
  SALLYPORT_CO_TRY(std::string name, CanonicalName(form.name));
  if (!name.empty()) user.name = std::move(name);
  SALLYPORT_CO_TRY(user.groups, CanonicalGroups(std::move(form.groups)));
  user.id = random_.UuidV4();
  user.created_at = clock_.Now();
  if (form.email_verified) user.email_verified = user.created_at;
  std::string hash;
  if (!form.password.empty()) {
    if (const auto problem = JudgePassword(form.password.Reveal(), *user.email, policy_))
      co_return Fail(ToErrc(*problem));
    SALLYPORT_CO_TRY(hash, co_await hasher_.Hash(std::move(form.password)));
  }
  auto created = co_await store_.users().Create(user, std::move(hash));
  if (!created && created.error().Is(store::Errc::kConflict)) co_return Fail(Errc::kEmailTaken);
  if (!created) co_return std::unexpected(std::move(created).error());
  co_return user;
}

Task<model::User> Users::ChangeGroups(model::UserId id, std::vector<std::string> add, std::vector<std::string> remove) {
  SALLYPORT_CO_TRY(auto user, co_await store_.users().FindById(std::move(id)));
  if (!user) co_return Fail(Errc::kNoSuchUser);
  std::vector<std::string> groups = user->groups;
  groups.insert(groups.end(), add.begin(), add.end());
  std::erase_if(groups, [&](const std::string& group) { return std::ranges::find(remove, group) != remove.end(); });
  SALLYPORT_CO_TRY(user->groups, CanonicalGroups(std::move(groups)));
  auto updated = co_await store_.users().UpdateProfile(*user);
  if (!updated && updated.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kNoSuchUser);
  if (!updated) co_return std::unexpected(std::move(updated).error());
  co_return *std::move(user);
}

Task<std::vector<store::Revocation>> Users::SetDisabled(model::UserId id, bool disabled) {
  auto ended = co_await store_.sessions().SetUserDisabled(std::move(id), disabled);
  if (!ended && ended.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kNoSuchUser);
  co_return ended;
}

Task<PasswordWasSet> Users::SetPasswordByAdmin(model::UserId id, Secret password) {
  SALLYPORT_CO_TRY(auto user, co_await store_.users().FindById(std::move(id)));
  if (!user) co_return Fail(Errc::kNoSuchUser);
  co_return co_await SetPassword(*std::move(user), std::move(password), std::nullopt);
}

Task<PasswordWasSet> Users::ChangePassword(model::UserId id, Secret current, Secret next, model::SessionId keep) {
  SALLYPORT_CO_TRY(auto found, co_await store_.users().FindWithPassword(std::move(id)));
  if (!found) co_return Fail(Errc::kNoSuchUser);
  SALLYPORT_CO_TRY(const PasswordCheck check, co_await hasher_.Verify(std::move(current), found->password_hash));
  if (!check.matches) co_return Fail(Errc::kWrongPassword);
  co_return co_await SetPassword(std::move(found->user), std::move(next), std::move(keep));
}

Task<PasswordWasSet> Users::SetPassword(model::User user, Secret password, std::optional<model::SessionId> keep) {
  const std::string email = user.email.value_or("");
  if (const auto problem = JudgePassword(password.Reveal(), email, policy_)) co_return Fail(ToErrc(*problem));
  SALLYPORT_CO_TRY(std::string hash, co_await hasher_.Hash(std::move(password)));
  auto ended = co_await store_.sessions().SetPassword(user.id, std::move(hash), std::move(keep));
  if (!ended && ended.error().Is(store::Errc::kNotFound)) co_return Fail(Errc::kNoSuchUser);
  if (!ended) co_return std::unexpected(std::move(ended).error());
  MailIntent notice = MailTo(email, user.name.value_or(""), kMailPasswordChanged);
  co_return PasswordWasSet{std::move(user), *std::move(ended), std::move(notice)};
}

}  // namespace sallyport::identity
