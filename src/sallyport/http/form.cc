// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/form.h"

#include "sallyport/http/header_field.h"
#include "sallyport/http/media_type.h"

namespace sallyport::http {

bool IsUrlencodedForm(std::string_view content_type) {
  if (!IsMediaType(content_type, "application/x-www-form-urlencoded")) return false;
  const auto charset = MediaTypeParameter(content_type, "charset");
  return charset ? EqualsIgnoreCase(*charset, "utf-8") : content_type.find("charset") == std::string_view::npos;
}

Result<Parameters> ParseForm(std::string_view body, ParameterLimits limits) { return ParseQuery(body, limits); }

}  // namespace sallyport::http
