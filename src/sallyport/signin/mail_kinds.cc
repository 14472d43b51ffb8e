// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sallyport/identity/mail_intent.h"
#include "sallyport/signin/mail_catalog.h"

namespace sallyport::signin {

std::span<const MailKind> MailKinds() {
  static const std::vector<MailKind> kKinds = {
      {identity::kMailRegister, {"email", "token", "minutes"}, "/api/auth/email/verify"},
      {identity::kMailRegisterKnown, {"email"}, "/api/auth/signin"},
      {identity::kMailReset, {"email", "token", "minutes"}, "/api/auth/password/reset"},
      {identity::kMailResetUnknown, {"email"}, ""},
      {identity::kMailPasswordChanged, {"email"}, ""},
      {identity::kMailEmailChange, {"email", "token", "minutes"}, "/api/auth/email/change"},
      {identity::kMailEmailChangeTaken, {"email"}, ""},
      {identity::kMailEmailChangeNotice, {"email", "new_email"}, ""},
      {identity::kMailSignIn, {"email", "token", "minutes", "code", "provider"}, "/api/auth/callback/"},
      {identity::kMailSignInUnknown, {"email"}, ""},
  };
  return kKinds;
}

const MailKind* FindMailKind(std::string_view name) {
  const auto kinds = MailKinds();
  const auto found = std::ranges::find(kinds, name, &MailKind::name);
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace sallyport::signin
