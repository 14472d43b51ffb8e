// SPDX-License-Identifier: Apache-2.0
// Looks for one short text field in the beginning of a form that is being forwarded, without consuming it (WIRE §3: the
// field `_csrf` in the first 16 KiB of urlencoded and multipart/form-data bodies).
//
// Pure: the caller buffers, asks, and replays what it buffered. The first field of that name counts; file parts do not. A
// form that is not well formed up to there, or a value over kMaxPeekValue, is kNotFound.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sallyport::http {

inline constexpr std::size_t kPeekWindow = 16 * 1024;
inline constexpr std::size_t kMaxPeekValue = 512;

enum class PeekStatus : std::uint8_t {
  kFound,     // `value` is the decoded value
  kNotFound,  // not within the window, or not a form
  kNeedMore,  // call again with a longer prefix
};

struct PeekResult {
  PeekStatus status = PeekStatus::kNotFound;
  std::string value;
};

// `prefix`: the body so far (at most the first `window` bytes are looked at); `complete`: there is no more of it.
// kNeedMore is never answered when `complete` or when the window is full.
PeekResult PeekFormField(std::string_view content_type, std::string_view prefix, bool complete, std::string_view field,
                         std::size_t window = kPeekWindow);

}  // namespace sallyport::http
