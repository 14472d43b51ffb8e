// SPDX-License-Identifier: Apache-2.0
#include "sallyport/identity/mail_intent.h"

namespace sallyport::identity {

MailIntent MailTo(const std::string& email, const std::string& name, std::string_view template_name) {
  return {email, std::string(template_name), {{"email", email}, {"name", name}}};
}

MailIntent WithLink(MailIntent mail, const std::string& token, std::string_view purpose, Duration lifetime) {
  mail.fields["token"] = token;
  mail.fields["purpose"] = purpose;
  mail.fields["minutes"] = std::to_string(std::chrono::ceil<std::chrono::minutes>(lifetime).count());
  return mail;
}

}  // namespace sallyport::identity
