// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/multipart_peek.h"

#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/form.h"
#include "sallyport/http/header_field.h"
#include "sallyport/http/media_type.h"
#include "sallyport/http/urlencoded.h"
#include "sallyport/http/utf8.h"

namespace sallyport::http {
namespace {

constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 §5.1.1

struct Body {
  std::string_view text;  // within the window
  bool whole;             // `text` is all there is
  bool more_may_come;

  PeekResult Undecided() const { return {more_may_come ? PeekStatus::kNeedMore : PeekStatus::kNotFound, {}}; }
};

PeekResult Found(std::string value) {
  if (value.size() > kMaxPeekValue || !IsUtf8(value) || value.find('\0') != std::string::npos) return {};
  return {PeekStatus::kFound, std::move(value)};
}

PeekResult PeekUrlencoded(const Body& body, std::string_view field) {
  std::string_view rest = body.text;
  std::string name, value;
  for (;;) {
    const auto ampersand = rest.find('&');
    if (ampersand == std::string_view::npos && !body.whole) return body.Undecided();
    const std::string_view pair = rest.substr(0, ampersand);
    const auto equals = std::min(pair.find('='), pair.size());
    if (!DecodeUrlencoded(pair.substr(0, equals), name)) return {};
    if (name == field) {
      if (equals == pair.size() || !DecodeUrlencoded(pair.substr(equals + 1), value)) return {};
      return Found(std::move(value));
    }
    if (ampersand == std::string_view::npos) return {};
    rest.remove_prefix(ampersand + 1);
  }
}

// True when the header lines of a part (each with its CRLF) declare the text field `field`.
bool DeclaresField(std::string_view lines, std::string_view field) {
  std::size_t dispositions = 0;
  bool matches = false;
  while (!lines.empty()) {
    const auto crlf = lines.find("\r\n");
    const std::string_view line = lines.substr(0, crlf);
    lines.remove_prefix(crlf + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !EqualsIgnoreCase(line.substr(0, colon), "content-disposition")) continue;
    const std::string_view value = Trim(line.substr(colon + 1));
    const auto name = MediaTypeParameter(value, "name");
    ++dispositions;
    matches = IsMediaType(value, "form-data") && name && *name == field && !MediaTypeParameter(value, "filename") &&
              !MediaTypeParameter(value, "filename*");
  }
  return dispositions == 1 && matches;
}

// Part after part. `rest` always begins behind a delimiter ("--boundary").
PeekResult PeekMultipart(const Body& body, std::string_view boundary, std::string_view field) {
  const std::string delimiter = "\r\n--" + std::string(boundary);
  const std::string_view first = std::string_view(delimiter).substr(2);
  if (body.text.size() < first.size()) return first.starts_with(body.text) ? body.Undecided() : PeekResult{};
  if (!body.text.starts_with(first)) return {};
  std::string_view rest = body.text.substr(first.size());
  for (;;) {
    if (rest.size() < 2) return body.Undecided();
    if (!rest.starts_with("\r\n")) return {};  // "--", the end, or not well formed
    rest.remove_prefix(2);
    const auto head_end = rest.starts_with("\r\n") ? 0 : rest.find("\r\n\r\n");
    if (head_end == std::string_view::npos) return body.Undecided();
    const std::string_view lines = rest.substr(0, head_end == 0 ? 0 : head_end + 2);
    const std::string_view content = rest.substr(head_end == 0 ? 2 : head_end + 4);
    const bool wanted = DeclaresField(lines, field);
    const auto content_end = content.find(delimiter);
    if (content_end == std::string_view::npos) {
      if (wanted && content.size() > kMaxPeekValue + delimiter.size()) return {};
      return body.Undecided();
    }
    if (wanted) return Found(std::string(content.substr(0, content_end)));
    rest = content.substr(content_end + delimiter.size());
  }
}

}  // namespace

PeekResult PeekFormField(std::string_view content_type, std::string_view prefix, bool complete, std::string_view field,
                         std::size_t window) {
  const Body body{prefix.substr(0, window), complete && prefix.size() <= window, !complete && prefix.size() < window};
  if (IsUrlencodedForm(content_type)) return PeekUrlencoded(body, field);
  if (!IsMediaType(content_type, "multipart/form-data")) return {};
  const auto boundary = MediaTypeParameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMaxBoundary) return {};
  return PeekMultipart(body, *boundary, field);
}

}  // namespace sallyport::http
