// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/account_resolution.h"

#include <algorithm>

namespace sallyport::store {
namespace {

AccountOutcome JudgeKnown(const ResolveAccountCommand& command, const AccountFacts& facts) {
  if (!facts.owner_issuer.empty() && facts.owner_issuer != command.account.issuer) return AccountOutcome::kWrongIssuer;
  if (!command.link_to.empty() && facts.owner->id != command.link_to) return AccountOutcome::kOtherOwner;
  return facts.owner->disabled ? AccountOutcome::kDisabled : AccountOutcome::kKnown;
}

AccountOutcome JudgeByEmail(const ResolveAccountCommand& command, const AccountFacts& facts) {
  if (!command.email_vouched) return AccountOutcome::kNotLinked;
  if (facts.by_email->disabled) return AccountOutcome::kDisabled;
  if (facts.by_email->email_verified) return AccountOutcome::kLinked;
  if (!facts.by_email_has_accounts) return AccountOutcome::kClaimed;
  if (facts.by_email_has_backend) return AccountOutcome::kNotLinked;
  return command.may_create ? AccountOutcome::kCreatedWithAddress : AccountOutcome::kClosed;
}

}  // namespace

const char* NameOf(AccountOutcome outcome) {
  switch (outcome) {
    case AccountOutcome::kKnown: return "known";
    case AccountOutcome::kLinked: return "linked";
    case AccountOutcome::kClaimed: return "claimed";
    case AccountOutcome::kCreated: return "created";
    case AccountOutcome::kCreatedWithAddress: return "created_with_address";
    case AccountOutcome::kNotLinked: return "not_linked";
    case AccountOutcome::kOtherOwner: return "other_owner";
    case AccountOutcome::kWrongIssuer: return "other_issuer";
    case AccountOutcome::kDisabled: return "disabled";
    case AccountOutcome::kClosed: return "registration_closed";
    case AccountOutcome::kNoSuchUser: return "no_such_user";
  }
  return "unknown";
}

AccountOutcome JudgeAccount(const ResolveAccountCommand& command, const AccountFacts& facts) {
  if (facts.owner) return JudgeKnown(command, facts);
  if (!command.link_to.empty()) {
    if (!facts.link_to) return AccountOutcome::kNoSuchUser;
    return facts.link_to->disabled ? AccountOutcome::kDisabled : AccountOutcome::kLinked;
  }
  if (facts.by_email) return JudgeByEmail(command, facts);
  return command.may_create ? AccountOutcome::kCreated : AccountOutcome::kClosed;
}

bool HasAnotherWayIn(const UnlinkAccountCommand& command, const model::User& user, bool has_password, const std::vector<model::Account>& rest) {
  if (command.password_counts && has_password && user.email) return true;
  if (command.email_counts && user.email && user.email_verified) return true;
  return std::ranges::any_of(rest, [&](const model::Account& account) {
    return std::ranges::find(command.usable_providers, account.provider) != command.usable_providers.end();
  });
}

}  // namespace sallyport::store
