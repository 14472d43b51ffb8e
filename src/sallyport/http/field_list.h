// SPDX-License-Identifier: Apache-2.0
// Comma-separated field values (RFC 9110 §5.6.1).
#pragma once

#include <string_view>

#include "sallyport/http/header_field.h"

namespace sallyport::http {

// Walks the trimmed, non-empty elements. Quoted strings are not understood: a comma in them splits.
class ListCursor {
 public:
  explicit ListCursor(std::string_view list) : rest_(list) {}
  bool Next(std::string_view& element);

 private:
  std::string_view rest_;
};

// True when `list` holds `token`, case-insensitively.
bool ListHasToken(std::string_view list, std::string_view token);
// Any field of that id holds the token.
bool FieldHasToken(const HeaderTable& fields, HeaderId id, std::string_view token);

}  // namespace sallyport::http
