// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile_functions.h"

#include <fmt/format.h>

#include <charconv>

#include "sallyport/signin/providers/profile_expression.h"

namespace sallyport::signin {
namespace {

std::optional<std::uint64_t> Number(std::optional<std::string_view> text) {
  std::uint64_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc() && end == text->data() + text->size() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<std::string> BungieImage(const json::object& profile) {
  const auto path = ProfileExpression::Parse("Response.bungieNetUser.profilePicturePath")->Evaluate(profile, Numbers::kRefused);
  if (!path) return std::nullopt;
  return fmt::format("https://www.bungie.net{}{}", path->starts_with('/') ? "" : "/", *path);
}

std::optional<std::string> DiscordImage(const json::object& profile) {
  const auto id = GetString(profile, "id");
  if (const auto avatar = GetString(profile, "avatar"); id && avatar) {
    return fmt::format("https://cdn.discordapp.com/avatars/{}/{}.{}", *id, *avatar, avatar->starts_with("a_") ? "gif" : "png");
  }
  // Accounts with the new names have the discriminator "0".
  const auto discriminator = Number(GetString(profile, "discriminator"));
  const auto number = Number(id);
  if (discriminator.value_or(0) == 0 && !number) return std::nullopt;
  const auto index = discriminator.value_or(0) == 0 ? (*number >> 22) % 6 : *discriminator % 5;
  return fmt::format("https://cdn.discordapp.com/embed/avatars/{}.png", index);
}

std::optional<std::string> YandexImage(const json::object& profile) {
  const auto* empty = profile.if_contains("is_avatar_empty");
  const auto id = GetString(profile, "default_avatar_id");
  if (!id || id->empty() || (empty && empty->is_bool() && empty->get_bool())) return std::nullopt;
  return fmt::format("https://avatars.yandex.net/get-yapic/{}/islands-200", *id);
}

}  // namespace sallyport::signin
