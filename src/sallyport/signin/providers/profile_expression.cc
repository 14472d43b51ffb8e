// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile_expression.h"

#include <algorithm>
#include <cmath>

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxBytes = 1024, kMaxAlternatives = 8, kMaxParts = 16, kMaxValueBytes = 8192;
constexpr double kMaxExactInteger = 9007199254740992.0;   // 2^53: beyond it a double is no longer one number

std::unexpected<Error> Invalid(std::string why) { return Fail(std::make_error_code(std::errc::invalid_argument), std::move(why)); }

std::string_view Trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// "a  b " of a template whose middle was missing.
std::string Collapse(std::string_view text) {
  std::string out;
  for (const char c : Trim(text)) {
    if (c != ' ' || !out.ends_with(' ')) out += c;
  }
  return out;
}

}  // namespace

std::optional<std::string> ScalarText(const json::value& value, Numbers numbers) {
  if (const auto* text = value.if_string()) {
    return text->empty() || text->size() > kMaxValueBytes ? std::nullopt : std::optional<std::string>(*text);
  }
  if (numbers == Numbers::kRefused) return std::nullopt;
  if (const auto* number = value.if_int64()) return std::to_string(*number);
  if (const auto* number = value.if_uint64()) return std::to_string(*number);
  // 1e9, or a whole number that the peer's language wrote with a fraction of zero.
  if (const auto* number = value.if_double(); number && std::abs(*number) < kMaxExactInteger && std::trunc(*number) == *number) {
    return std::to_string(static_cast<std::int64_t>(*number));
  }
  return std::nullopt;
}

Result<ProfileExpression::Alternative> ProfileExpression::ParseAlternative(std::string_view text) {
  Alternative out;
  if (text.find_first_of("{}") == std::string_view::npos) {
    SALLYPORT_TRY(auto path, ProfilePath::Parse(text));
    out.parts.push_back({"", std::move(path)});
    return out;
  }
  while (!text.empty()) {
    if (out.parts.size() == kMaxParts) return Invalid("a template has at most 16 parts");
    const auto open = std::min(text.find_first_of("{}"), text.size());
    if (open > 0) {
      out.only_spaces = out.only_spaces && Trim(text.substr(0, open)).empty();
      out.parts.push_back({std::string(text.substr(0, open)), std::nullopt});
      text.remove_prefix(open);
      continue;
    }
    const auto close = text.find('}');
    if (text[0] == '}' || close == std::string_view::npos) return Invalid("a { and a } belong together");
    SALLYPORT_TRY(auto path, ProfilePath::Parse(text.substr(1, close - 1)));
    out.parts.push_back({"", std::move(path)});
    text.remove_prefix(close + 1);
  }
  return out;
}

Result<ProfileExpression> ProfileExpression::Parse(std::string_view text) {
  if (text.size() > kMaxBytes) return Invalid("an expression has at most 1024 bytes");
  ProfileExpression out;
  if (text.empty()) return out;
  while (true) {
    if (out.alternatives_.size() == kMaxAlternatives) return Invalid("an expression has at most 8 alternatives");
    const auto bar = text.find('|');
    SALLYPORT_TRY(auto alternative, ParseAlternative(Trim(text.substr(0, bar))));
    out.alternatives_.push_back(std::move(alternative));
    if (bar == std::string_view::npos) return out;
    text.remove_prefix(bar + 1);
  }
}

std::optional<std::string> ProfileExpression::Evaluate(const Alternative& alternative, const json::object& profile, Numbers numbers) {
  if (alternative.parts.empty()) return std::nullopt;
  std::string out;
  for (const auto& part : alternative.parts) {
    if (!part.path) {
      out += part.literal;
      continue;
    }
    const auto* value = part.path->Find(profile);
    const auto text = value ? ScalarText(*value, numbers) : std::nullopt;
    if (!text && !alternative.only_spaces) return std::nullopt;
    out += text.value_or("");
  }
  if (alternative.parts.size() > 1 && alternative.only_spaces) out = Collapse(out);
  return out.empty() || out.size() > kMaxValueBytes ? std::nullopt : std::optional(std::move(out));
}

std::optional<std::string> ProfileExpression::Evaluate(const json::object& profile, Numbers numbers) const {
  for (const auto& alternative : alternatives_) {
    if (auto value = Evaluate(alternative, profile, numbers)) return value;
  }
  return std::nullopt;
}

}  // namespace sallyport::signin
