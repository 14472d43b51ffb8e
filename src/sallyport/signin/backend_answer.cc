// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/backend_answer.h"

#include <algorithm>

#include "sallyport/base/url.h"
#include "sallyport/identity/email_address.h"
#include "sallyport/identity/registration.h"

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxIdBytes = 255, kMaxImageBytes = 2048, kMaxGroups = 100, kMaxGroupBytes = 64, kMaxClaimBytes = 1024;

std::optional<std::string> StringAt(const json::object& answer, std::string_view path) {
  const auto* value = FindPath(answer, path);
  if (!value || !value->is_string() || value->get_string().empty()) return std::nullopt;
  return std::string(value->get_string());
}

bool HasControl(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::optional<std::string> IdAt(const json::object& answer, std::string_view path) {
  const auto* value = FindPath(answer, path);
  if (!value) return std::nullopt;
  if (value->is_int64()) return std::to_string(value->get_int64());
  if (value->is_uint64()) return std::to_string(value->get_uint64());
  auto text = StringAt(answer, path);
  if (!text || text->size() > kMaxIdBytes || HasControl(*text)) return std::nullopt;
  return text;
}

// A group list that is not one gives no groups: rights are not guessed (S60).
std::vector<std::string> GroupsAt(const json::object& answer, std::string_view path) {
  std::vector<std::string> groups;
  const auto* value = FindPath(answer, path);
  if (!value || !value->is_array()) return groups;
  for (const auto& item : value->get_array()) {
    if (!item.is_string() || groups.size() == kMaxGroups) continue;
    const std::string_view group = item.get_string();
    if (!group.empty() && group.size() <= kMaxGroupBytes && group.find(',') == group.npos && !HasControl(group)) groups.emplace_back(group);
  }
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

json::object ClaimsFrom(const BackendOptions& options, const json::object& answer) {
  json::object claims;
  const auto* user = FindPath(answer, options.user_path);
  if (!user || !user->is_object()) return claims;
  const std::optional<std::string> tokens[] = {StringAt(answer, options.access_token_path), StringAt(answer, options.refresh_token_path)};
  for (const auto& name : options.claims) {
    const auto* value = user->get_object().if_contains(name);
    if (!value) continue;
    const auto text = json::serialize(*value);
    const auto holds = [&](const auto& token) { return token && text.find(*token) != text.npos; };
    if (text.size() <= kMaxClaimBytes && std::ranges::none_of(tokens, holds)) claims[name] = *value;
  }
  return claims;
}

}  // namespace

const json::value* FindPath(const json::object& answer, std::string_view path) {
  const json::object* object = &answer;
  while (!path.empty() && object) {
    const auto dot = path.find('.');
    const auto* value = object->if_contains(path.substr(0, dot));
    if (!value || dot == path.npos) return value;
    object = value->if_object();
    path.remove_prefix(dot + 1);
  }
  return nullptr;
}

std::optional<BackendProfile> ProfileFromAnswer(const BackendOptions& options, const json::object& answer) {
  auto id = IdAt(answer, options.id_path);
  if (!id) return std::nullopt;
  BackendProfile profile;
  profile.id = *std::move(id);
  if (const auto name = StringAt(answer, options.name_path)) {
    if (auto canonical = identity::CanonicalName(*name); canonical && !canonical->empty()) profile.name = *std::move(canonical);
  }
  if (const auto email = StringAt(answer, options.email_path)) profile.email = identity::CanonicalEmail(*email);
  if (auto image = StringAt(answer, options.image_path); image && image->size() <= kMaxImageBytes && ParseUrl(*image)) {
    profile.image = std::move(image);
  }
  if (!options.groups_path.empty()) profile.groups = GroupsAt(answer, options.groups_path);
  profile.claims = ClaimsFrom(options, answer);
  return profile;
}

std::string CodeFromAnswer(std::string_view body) {
  const auto answer = ParseJsonObject(body);
  const auto code = answer ? GetString(*answer, "code") : std::nullopt;
  const auto safe = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  if (!code || code->empty() || code->size() > 64 || !std::ranges::all_of(*code, safe)) return {};
  return std::string(*code);
}

}  // namespace sallyport::signin
