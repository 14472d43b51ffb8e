// SPDX-License-Identifier: Apache-2.0
// Reads what the existing API's login endpoint answered, by the configured paths. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/signin/options.h"

namespace sallyport::signin {

struct BackendProfile {
  std::string id;                          // 1–255 bytes; numbers in decimal
  std::optional<std::string> name, email, image;   // email canonical; what is not acceptable is absent
  std::optional<std::vector<std::string>> groups;  // sorted, unique; nullopt: groups_path is not configured
  json::object claims;
};

// "data.user.id"; null when a step is missing or no object. An empty path finds nothing.
const json::value* FindPath(const json::object& answer, std::string_view path);
// nullopt: no usable id. Claims that are larger than 1 KiB, or hold one of the answer's tokens (S7), are left out.
std::optional<BackendProfile> ProfileFromAnswer(const BackendOptions& options, const json::object& answer);
// The back end's own `code` when it is [A-Za-z0-9_.-]{1,64}; else empty.
std::string CodeFromAnswer(std::string_view body);

}  // namespace sallyport::signin
