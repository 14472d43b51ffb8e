// SPDX-License-Identifier: Apache-2.0
// Values of a profile that no expression can give.
#pragma once

#include <optional>
#include <string>

#include "sallyport/base/json.h"

namespace sallyport::signin {

// `profilePicturePath`, with or without its slash, below bungie.net.
std::optional<std::string> BungieImage(const json::object& profile);
// The person's own picture (animated or not), else the one of six or five that Discord shows for the account.
std::optional<std::string> DiscordImage(const json::object& profile);
// Only when the account has a picture.
std::optional<std::string> YandexImage(const json::object& profile);

}  // namespace sallyport::signin
