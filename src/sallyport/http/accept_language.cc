// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/accept_language.h"

#include "sallyport/http/char_class.h"
#include "sallyport/http/field_list.h"
#include "sallyport/http/header_field.h"
#include "sallyport/http/media_type.h"

namespace sallyport::http {
namespace {

constexpr int kMaxRanges = 32;

std::string_view Lookup(std::string_view range, std::span<const std::string> available) {
  while (!range.empty()) {
    for (const std::string& tag : available) {
      if (EqualsIgnoreCase(range, tag)) return tag;
    }
    const auto dash = range.rfind('-');
    range = range.substr(0, dash == std::string_view::npos ? 0 : dash);
  }
  return {};
}

}  // namespace

std::string_view PreferredLanguage(std::string_view accept_language, std::span<const std::string> available) {
  std::string_view best;
  int best_quality = 0, ranges = 0;
  ListCursor cursor(accept_language);
  for (std::string_view item; ranges < kMaxRanges && cursor.Next(item); ++ranges) {
    const int quality = QualityOf(item);
    if (quality <= best_quality) continue;
    const std::string_view found = Lookup(Trim(item.substr(0, item.find(';'))), available);
    if (found.empty()) continue;
    best = found;
    best_quality = quality;
  }
  return best;
}

}  // namespace sallyport::http
