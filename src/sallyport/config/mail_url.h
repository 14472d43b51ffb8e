// SPDX-License-Identifier: Apache-2.0
// smtp://USER:PASSWORD@HOST:PORT taken apart: libcurl gets the URL without the credentials, and they stay in a Secret.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/secret.h"

namespace sallyport::config {

struct MailUrl {
  std::string url;       // scheme://host[:port]
  std::string user;      // percent-decoded
  Secret password;       // percent-decoded when it can be, else as it stands (so that ${SMTP_PASSWORD} may hold a "%")
};

// The last "@" ends the credentials and the first ":" in them ends the user, so that a password may hold either.
std::optional<MailUrl> ParseMailUrl(std::string_view text);

}  // namespace sallyport::config
