// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/expand.h"

#include <algorithm>

namespace sallyport::config {
namespace {

bool IsName(std::string_view name) {
  const auto part = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  return !name.empty() && !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), part);
}

}  // namespace

Expanded ExpandVariables(std::string_view text, const Environment& environment) {
  Expanded out;
  while (true) {
    const auto at = text.find("${");
    out.text += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    if (at > 0 && text[at - 1] == '$') {  // the first "$" is already there
      out.text += '{';
      text.remove_prefix(at + 2);
      continue;
    }
    const auto end = text.find('}', at);
    const auto name = end == std::string_view::npos ? std::string_view() : text.substr(at + 2, end - at - 2);
    if (!IsName(name)) {
      out.malformed = true;
      return out;
    }
    if (const auto value = environment(name)) {
      out.text += *value;
    } else {
      out.missing.emplace_back(name);
    }
    text.remove_prefix(end + 1);
  }
}

}  // namespace sallyport::config
