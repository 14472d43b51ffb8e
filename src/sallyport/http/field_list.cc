// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/field_list.h"

#include "sallyport/http/char_class.h"

namespace sallyport::http {

bool ListCursor::Next(std::string_view& element) {
  while (!rest_.empty()) {
    const auto comma = rest_.find(',');
    element = Trim(rest_.substr(0, comma));
    rest_ = comma == std::string_view::npos ? std::string_view() : rest_.substr(comma + 1);
    if (!element.empty()) return true;
  }
  return false;
}

bool ListHasToken(std::string_view list, std::string_view token) {
  ListCursor cursor(list);
  for (std::string_view element; cursor.Next(element);)
    if (EqualsIgnoreCase(element, token)) return true;
  return false;
}

bool FieldHasToken(const HeaderTable& fields, HeaderId id, std::string_view token) {
  if (!fields.Has(id)) return false;
  for (const HeaderField& field : fields.fields())
    if (field.id == id && ListHasToken(field.value, token)) return true;
  return false;
}

}  // namespace sallyport::http
