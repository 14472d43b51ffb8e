// SPDX-License-Identifier: Apache-2.0
// How one log event reads: the pure half of log.cc. No line break, quote or control character of a value survives as such.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "sallyport/base/log.h"

namespace sallyport::log {

// "message  key=value key="two words"".
std::string TextLine(std::string_view message, std::initializer_list<Field> fields);
// "level":"warn","message":"…","key":1 (members without the braces).
std::string JsonMembers(Level level, std::string_view message, std::initializer_list<Field> fields);

}  // namespace sallyport::log
