// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/media_type.h"

#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/field_list.h"
#include "sallyport/http/header_field.h"

namespace sallyport::http {
namespace {

std::string_view TypeOf(std::string_view content_type) { return Trim(content_type.substr(0, content_type.find(';'))); }

bool EndsWithIgnoreCase(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && EqualsIgnoreCase(text.substr(text.size() - end.size()), end);
}

std::string_view TakeToken(std::string_view& rest) {
  std::size_t size = 0;
  while (size < rest.size() && Is(rest[size], char_class::kToken)) ++size;
  const std::string_view token = rest.substr(0, size);
  rest.remove_prefix(size);
  return token;
}

bool TakeQuoted(std::string_view& rest, std::string& out) {
  out.clear();
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return true;
    }
    if (rest[i] == '\\' && ++i == rest.size()) return false;
    out += rest[i];
  }
  return false;
}

// Takes ";name=value" off the front of `rest`; false when it is not well formed.
bool TakeParameter(std::string_view& rest, std::string_view& name, std::string& value) {
  rest = Trim(rest.substr(1));
  name = TakeToken(rest);
  if (name.empty() || !rest.starts_with('=')) return false;
  rest.remove_prefix(1);
  if (rest.starts_with('"')) {
    if (!TakeQuoted(rest, value)) return false;
  } else {
    value = TakeToken(rest);
    if (value.empty()) return false;
  }
  rest = Trim(rest);
  return rest.empty() || rest.starts_with(';');
}

struct Score {
  int quality = 0, specificity = 0;
  void Offer(int q, int s) {
    if (s < specificity) return;
    quality = s > specificity ? q : std::max(quality, q);
    specificity = s;
  }
};

}  // namespace

bool IsMediaType(std::string_view content_type, std::string_view type) { return EqualsIgnoreCase(TypeOf(content_type), type); }

bool IsJsonType(std::string_view content_type) {
  const std::string_view type = TypeOf(content_type);
  constexpr std::string_view kApplication = "application/";
  if (EqualsIgnoreCase(type, "application/json")) return true;
  return type.size() > kApplication.size() + 5 && EqualsIgnoreCase(type.substr(0, kApplication.size()), kApplication) &&
         EndsWithIgnoreCase(type, "+json");
}

std::optional<std::string> MediaTypeParameter(std::string_view content_type, std::string_view wanted) {
  const auto semicolon = content_type.find(';');
  if (semicolon == std::string_view::npos) return std::nullopt;
  std::string_view rest = content_type.substr(semicolon);
  std::optional<std::string> found;
  while (!rest.empty()) {
    if (Trim(rest.substr(1)).empty()) break;  // a lone ';' at the end is common
    std::string_view name;
    std::string value;
    if (!TakeParameter(rest, name, value)) return std::nullopt;
    if (!EqualsIgnoreCase(name, wanted)) continue;
    if (found) return std::nullopt;
    found = std::move(value);
  }
  return found;
}

int QualityOf(std::string_view range) {
  const auto at = range.find(';');
  if (at == std::string_view::npos) return 1000;
  const auto q = MediaTypeParameter(range, "q");
  if (!q) return range.find("q=") == std::string_view::npos ? 1000 : 0;
  if (q->empty() || q->size() > 5 || ((*q)[0] != '0' && (*q)[0] != '1') || (q->size() > 1 && (*q)[1] != '.')) return 0;
  int value = (*q)[0] == '1' ? 1000 : 0, weight = 100;
  for (std::size_t i = 2; i < q->size(); ++i, weight /= 10) {
    if (!IsDigit((*q)[i])) return 0;
    value += weight * ((*q)[i] - '0');
  }
  return value > 1000 ? 0 : value;
}

Preference PreferredFormat(std::string_view accept) {
  Score html, json;
  ListCursor cursor(accept);
  for (std::string_view range; cursor.Next(range);) {
    const std::string_view type = TypeOf(range);
    const int q = QualityOf(range);
    if (EqualsIgnoreCase(type, "text/html") || EqualsIgnoreCase(type, "application/xhtml+xml")) html.Offer(q, 2);
    else if (EqualsIgnoreCase(type, "text/*")) html.Offer(q, 1);
    else if (IsJsonType(type)) json.Offer(q, 2);
    else if (EqualsIgnoreCase(type, "application/*")) json.Offer(q, 1);
  }
  if (html.quality == 0 && json.quality == 0) return Preference::kNone;
  if (html.quality != json.quality) return html.quality > json.quality ? Preference::kHtml : Preference::kJson;
  return json.specificity > html.specificity ? Preference::kJson : Preference::kHtml;
}

}  // namespace sallyport::http
