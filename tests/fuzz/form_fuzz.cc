// SPDX-License-Identifier: Apache-2.0
// Forms: the peek's answer does not depend on how much of the body has arrived once it is an answer; queries survive a
// round trip. The first line of the input is the content type, the rest the body.
#include <algorithm>
#include <array>
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/http/accept_language.h"
#include "sallyport/http/form.h"
#include "sallyport/http/media_type.h"
#include "sallyport/http/multipart_peek.h"

namespace http = sallyport::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(text.find('\n'), text.size());
  const std::string_view type = text.substr(0, line), body = text.substr(std::min(line + 1, text.size()));
  constexpr std::size_t kWindow = 256;

  const http::PeekResult whole = http::PeekFormField(type, body, true, "_csrf", kWindow);
  FUZZ_EXPECT(whole.status != http::PeekStatus::kNeedMore && whole.value.size() <= http::kMaxPeekValue);
  for (std::size_t cut = 0; cut < body.size(); cut += 1 + cut % 9) {
    const http::PeekResult part = http::PeekFormField(type, body.substr(0, cut), false, "_csrf", kWindow);
    if (part.status == http::PeekStatus::kNeedMore) continue;
    FUZZ_EXPECT(part.status == whole.status && part.value == whole.value);
    break;
  }

  if (const auto form = http::ParseForm(body)) {
    http::QueryBuilder builder;
    for (const auto& item : form->items()) builder.Add(item.name, item.value);
    const auto again = http::ParseForm(builder.str(), {.max_bytes = 1 << 20});
    FUZZ_EXPECT(again && std::equal(again->items().begin(), again->items().end(), form->items().begin(), form->items().end()));
    // A form that is whole within the window and has the field is one in which the peek finds it.
    const auto field = form->Find("_csrf");
    if (field && http::IsUrlencodedForm(type) && body.size() <= kWindow && body.find("_csrf=") != std::string_view::npos &&
        form->Count("_csrf") == 1)
      FUZZ_EXPECT(whole.status == http::PeekStatus::kFound && whole.value == *field);
  }
  (void)http::PreferredFormat(type);
  const std::array<std::string, 3> languages = {"de", "en", "pt-br"};
  const std::string_view language = http::PreferredLanguage(type, languages);
  FUZZ_EXPECT(language.empty() || std::find(languages.begin(), languages.end(), language) != languages.end());
  (void)http::MediaTypeParameter(type, "boundary");
  (void)http::FindRawParameter(body, "_csrf");
  return 0;
}
