// SPDX-License-Identifier: Apache-2.0
// Who somebody is that a provider vouches for (S33): the rules, apart from the backends that look the facts up.
//
// - An account is (provider, issuer, id at the provider). A known one is its user's, whatever the e-mail says.
// - A signed-in person who asked for it gets an unknown account added.
// - Else an address links, if the provider vouches for it and the user has confirmed it here too.
// - A user who never confirmed the address, and has nothing but a password, is taken over by whoever the provider vouches
//   for: password, sessions and pending tokens go. If they have other ways to sign in, they keep their user and lose the
//   address; if one of those is the back end, the newcomer is refused.
// - Everybody else becomes a new user, where that is allowed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/model/user.h"
#include "sallyport/store/session_store.h"

namespace sallyport::store {

struct ResolveAccountCommand {
  model::Account account;          // user_id is ignored
  model::User candidate;           // becomes the user when a new one is needed; its e-mail is canonical
  bool email_vouched = false;      // the provider vouches for candidate.email
  bool may_create = true;
  model::UserId link_to;           // the signed-in user who asked to connect the account; empty: a sign-in
  Timestamp now{};
};

enum class AccountOutcome : std::uint8_t {
  kKnown,            // the account's user
  kLinked,           // added to an existing user
  kClaimed,          // added to a user whose unconfirmed address it proved; password, sessions and pending tokens are gone
  kCreated,          // a new user
  kCreatedWithAddress,  // a new user, with an address that another one had and never confirmed
  // Refusals; nothing was changed.
  kNotLinked,        // the address is another user's, and that does not suffice
  kOtherOwner,       // asked to connect, but the account is somebody else's
  kWrongIssuer,      // known by this id, but from another issuer
  kDisabled,
  kClosed,           // unknown, and new users are not allowed
  kNoSuchUser,       // link_to is gone
};
inline bool IsRefusal(AccountOutcome outcome) { return outcome >= AccountOutcome::kNotLinked; }
const char* NameOf(AccountOutcome outcome);

struct AccountResolution {
  AccountOutcome outcome{};
  model::User user;                 // unless refused
  std::vector<Revocation> ended;    // announce them (S5)
};

// What a backend looks up before the rules are asked.
struct AccountFacts {
  std::optional<model::User> owner;      // of the account
  std::string owner_issuer;              // as stored with the account
  std::optional<model::User> link_to;
  std::optional<model::User> by_email;   // who has candidate.email
  bool by_email_has_accounts = false;
  bool by_email_has_backend = false;     // an account of type "credentials" among them
};
AccountOutcome JudgeAccount(const ResolveAccountCommand& command, const AccountFacts& facts);

struct UnlinkAccountCommand {
  model::UserId user_id;
  std::string provider, provider_account_id;
  std::vector<std::string> usable_providers;   // through accounts of these a person can still sign in
  bool password_counts = false;                // a password is a way in here
  bool email_counts = false;                   // so is a confirmed address
};
enum class UnlinkOutcome : std::uint8_t { kUnlinked, kNotFound, kLastWayIn };
// `rest`: the user's accounts but the one to be taken away.
bool HasAnotherWayIn(const UnlinkAccountCommand& command, const model::User& user, bool has_password, const std::vector<model::Account>& rest);

}  // namespace sallyport::store
