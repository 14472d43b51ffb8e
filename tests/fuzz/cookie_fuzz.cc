// SPDX-License-Identifier: Apache-2.0
// Cookie fields: what the filter lets through holds exactly the cookies that were kept (S23); Set-Cookie parsing.
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/http/cookie.h"
#include "sallyport/http/set_cookie.h"

namespace http = sallyport::http;

namespace {

std::vector<std::string> Entries(const http::HeaderTable& fields) {
  std::vector<std::string> out;
  http::ForEachCookie(fields, [&](const http::Cookie& cookie) {
    FUZZ_EXPECT(!cookie.name.empty() && !http::IsPrefixVariant(cookie.name));
    FUZZ_EXPECT(cookie.name.find_first_of("=; ") == std::string_view::npos && cookie.raw.find(';') == std::string_view::npos);
    out.emplace_back(cookie.raw);
  });
  return out;
}

}  // namespace

// A line feed separates fields.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  http::HeaderTable fields;
  for (std::string_view rest = text;;) {
    const auto end = rest.find('\n');
    fields.Add({"Cookie", rest.substr(0, end), http::HeaderId::kCookie});
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  const auto keep = [](std::string_view name) { return name.size() % 2 == 1; };
  std::vector<std::string> expected;
  http::ForEachCookie(fields, [&](const http::Cookie& cookie) {
    if (keep(cookie.name)) expected.emplace_back(cookie.raw);
  });
  const auto all = Entries(fields);

  std::string out;
  const auto result = http::CookieFilter(out).Run(fields, [&](const http::Cookie& cookie) { return keep(cookie.name); });
  FUZZ_EXPECT((result == http::CookieFilterResult::kEmpty) == expected.empty());
  if (result == http::CookieFilterResult::kUnchanged) FUZZ_EXPECT(expected == all);
  if (result != http::CookieFilterResult::kEmpty) {
    http::HeaderTable filtered;
    filtered.Add({"Cookie", out, http::HeaderId::kCookie});
    FUZZ_EXPECT(Entries(filtered) == expected);
  }

  const auto now = sallyport::FromUnixSeconds(1'800'000'000);
  if (const auto cookie = http::ParseSetCookie(text, now)) FUZZ_EXPECT(!cookie->name.empty() && cookie->name.find_first_of("=;") == std::string_view::npos);
  (void)http::ParseCookieDate(text);
  return 0;
}
