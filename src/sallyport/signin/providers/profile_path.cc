// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/providers/profile_path.h"

#include <algorithm>
#include <charconv>

namespace sallyport::signin {
namespace {

constexpr std::size_t kMaxBytes = 256, kMaxSteps = 16, kMaxFlags = 4;

std::unexpected<Error> Invalid(std::string why) { return Fail(std::make_error_code(std::errc::invalid_argument), std::move(why)); }

bool IsName(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return c > 0x20 && c != 0x7f && std::string_view(".,[]{}|").find(static_cast<char>(c)) == std::string_view::npos;
  });
}

const json::value* ElementWith(const json::array& list, const std::vector<std::string>& flags) {
  for (const auto& element : list) {
    const auto* object = element.if_object();
    const auto holds = [&](const std::string& flag) {
      const auto* value = object->if_contains(flag);
      return value && value->is_bool() && value->get_bool();
    };
    if (object && std::ranges::all_of(flags, holds)) return &element;
  }
  return nullptr;
}

}  // namespace

Result<ProfilePath::Step> ProfilePath::ParseSelector(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error == std::errc() && end == text.data() + text.size()) return Step{index};
  Flags flags;
  while (true) {
    const auto comma = text.find(',');
    const auto name = text.substr(0, comma);
    if (!IsName(name) || flags.size() == kMaxFlags) return Invalid("between [ and ] stands a number or names of flags: [0], [primary,verified]");
    flags.emplace_back(name);
    if (comma == std::string_view::npos) return Step{std::move(flags)};
    text.remove_prefix(comma + 1);
  }
}

Result<ProfilePath> ProfilePath::Parse(std::string_view text) {
  if (text.size() > kMaxBytes) return Invalid("a path has at most 256 bytes");
  ProfilePath path;
  bool more = true;
  while (more) {
    const auto end = std::min(text.find_first_of(".["), text.size());
    if (!IsName(text.substr(0, end))) return Invalid("a path is names with dots between them: data.user.id");
    path.steps_.push_back({std::string(text.substr(0, end))});
    text.remove_prefix(end);
    while (text.starts_with('[')) {
      const auto close = text.find(']');
      if (close == std::string_view::npos) return Invalid("a [ has no ]");
      SALLYPORT_TRY(auto step, ParseSelector(text.substr(1, close - 1)));
      path.steps_.push_back(std::move(step));
      text.remove_prefix(close + 1);
    }
    if (path.steps_.size() > kMaxSteps) return Invalid("a path has at most 16 steps");
    more = text.starts_with('.');
    if (more) text.remove_prefix(1);
  }
  if (!text.empty()) return Invalid("after ] comes a dot or the end");
  return path;
}

const json::value* ProfilePath::Find(const json::object& profile) const {
  const json::value* value = nullptr;
  for (const auto& step : steps_) {
    if (const auto* name = std::get_if<std::string>(&step.what)) {
      const auto* object = value ? value->if_object() : &profile;
      value = object ? object->if_contains(*name) : nullptr;
    } else {
      const auto* list = value->if_array();
      const auto* index = std::get_if<std::size_t>(&step.what);
      value = !list ? nullptr : index ? list->if_contains(*index) : ElementWith(*list, std::get<Flags>(step.what));
    }
    if (!value || value->is_null()) return nullptr;
  }
  return value;
}

}  // namespace sallyport::signin
