// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile.h"

#include <algorithm>

#include "sallyport/base/url.h"
#include "sallyport/identity/utf8.h"
#include "sallyport/signin/errc.h"
#include "sallyport/signin/providers/profile_expression.h"

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxIdBytes = 255, kMaxNameBytes = 256, kMaxEmailBytes = 254, kMaxImageBytes = 2048;

bool IsControl(unsigned char c) { return c < 0x20 || c == 0x7f; }

// A malformed expression gives nothing: those of the configuration were judged at the start.
std::optional<std::string> Value(std::string_view expression, const json::object& profile, Numbers numbers) {
  const auto parsed = ProfileExpression::Parse(expression);
  return parsed ? parsed->Evaluate(profile, numbers) : std::nullopt;
}

std::optional<std::string> CleanName(std::optional<std::string> value) {
  if (!value) return std::nullopt;
  std::string out;
  for (std::string_view rest = *value; !rest.empty();) {
    const auto code_point = identity::TakeCodePoint(rest);
    if (!code_point) return std::nullopt;
    // C1 controls too: terminals and logs obey them.
    const bool control = *code_point < 0x20 || (*code_point >= 0x7f && *code_point < 0xa0);
    std::string character;
    identity::AppendUtf8(character, control ? U' ' : *code_point);
    if (out.size() + character.size() > kMaxNameBytes) break;
    if (character != " " || !out.empty()) out += character;
  }
  while (out.ends_with(' ')) out.pop_back();
  return out.empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<std::string> CleanEmail(std::optional<std::string> value) {
  const auto unfit = [](unsigned char c) { return IsControl(c) || c == ' '; };
  return !value || value->size() > kMaxEmailBytes || std::ranges::any_of(*value, unfit) ? std::nullopt : std::move(value);
}

std::optional<std::string> CleanImage(std::optional<std::string> value) {
  return !value || value->size() > kMaxImageBytes || !ParseUrl(*value) ? std::nullopt : std::move(value);
}

bool IsTrue(const json::value& value) {
  if (value.is_bool()) return value.get_bool();
  const auto text = ScalarText(value, Numbers::kAccepted);
  return text && (*text == "true" || *text == "1");
}

// "a & b": every flag must say so.
bool AllOf(std::string_view paths, const json::object& profile, bool (*judge)(const json::value&)) {
  while (true) {
    const auto and_at = paths.find(" & ");
    const auto path = ProfilePath::Parse(paths.substr(0, and_at));
    const auto* value = path ? path->Find(profile) : nullptr;
    if (!value || !judge(*value)) return false;
    if (and_at == std::string_view::npos) return true;
    paths.remove_prefix(and_at + 3);
  }
}

bool IsVerified(const ProfileMapping& mapping, const json::object& profile) {
  switch (mapping.verification) {
    case EmailVerification::kNever: return false;
    case EmailVerification::kFlag: return AllOf(mapping.verified, profile, IsTrue);
    case EmailVerification::kPresence: return AllOf(mapping.verified, profile, [](const json::value&) { return true; });
    case EmailVerification::kAlways: return true;
  }
  return false;
}

}  // namespace

Result<ProviderProfile> MapProfile(const ProviderSpec& spec, const json::object& profile) {
  const auto& mapping = spec.profile;
  auto id = Value(mapping.id, profile, Numbers::kAccepted);
  if (!id || id->size() > kMaxIdBytes || std::ranges::any_of(*id, IsControl)) {
    return Fail(Errc::kBadProfile, "the profile of provider " + spec.id + " has no usable id at " + mapping.id);
  }
  ProviderProfile out;
  out.id = *std::move(id);
  out.name = CleanName(Value(mapping.name, profile, Numbers::kRefused));
  out.email = CleanEmail(Value(mapping.email, profile, Numbers::kRefused));
  out.image = CleanImage(mapping.image_function ? mapping.image_function(profile) : Value(mapping.image, profile, Numbers::kAccepted));
  out.email_verified = out.email && IsVerified(mapping, profile);
  return out;
}

}  // namespace sallyport::signin
