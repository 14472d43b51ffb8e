// SPDX-License-Identifier: Apache-2.0
// Targets: a canonical target is canonical (S20), and a redirect target stays on its origin (S15).
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/http/host.h"
#include "sallyport/http/same_origin.h"
#include "sallyport/http/target.h"

namespace http = sallyport::http;

namespace {

bool HasDotSegment(std::string_view path) {
  for (std::size_t at = 1; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, slash - at);
    if (segment == "." || segment == "..") return true;
    at = slash + 1;
  }
  return false;
}

void CheckTarget(std::string_view raw, http::PathParameters parameters) {
  std::string scratch, scratch2;
  const auto target = http::CanonicalTarget(raw, http::Method::kGet, scratch, parameters);
  if (!target) return;
  const std::string_view path = target->path;
  FUZZ_EXPECT(path.starts_with('/') && path.find("//") == std::string_view::npos && !HasDotSegment(path));
  FUZZ_EXPECT(target->path_and_query.starts_with(path));
  FUZZ_EXPECT(path.find_first_of("\\#? ") == std::string_view::npos);
  for (const char c : target->path_and_query) FUZZ_EXPECT(c > 0x20 && c < 0x7f);
  for (const std::string_view escape : {"%2f", "%2F", "%5c", "%5C", "%00", "%2e", "%2E", "%0"}) FUZZ_EXPECT(path.find(escape) == std::string_view::npos ||
                                                                                                          path.find("%25") != std::string_view::npos);
  const auto again = http::CanonicalTarget(target->path_and_query, http::Method::kGet, scratch2, parameters);
  FUZZ_EXPECT(again && again->path_and_query == target->path_and_query && again->path == path);
}

void CheckRedirect(std::string_view text) {
  static const sallyport::Origin origin = *sallyport::ParseOrigin("https://app.example.com");
  const auto path = http::SameOriginPath(text, origin);
  const auto url = http::SameOriginUrl(text, origin);
  FUZZ_EXPECT(path.has_value() == url.has_value());
  if (!path) return;
  FUZZ_EXPECT(path->starts_with('/') && !path->starts_with("//") && !path->starts_with("/\\"));
  FUZZ_EXPECT(*url == "https://app.example.com" || *url == "https://app.example.com" + *path);
  FUZZ_EXPECT(http::SameOriginPath(*path, origin) == path);
  const auto parsed = sallyport::ParseUrl(url->substr(0, url->find_first_of("?#")));
  FUZZ_EXPECT(parsed && parsed->origin == origin);
}

void CheckAuthority(std::string_view text) {
  const auto authority = http::ParseAuthority(text);
  if (!authority) return;
  const std::string normal = authority->host + (authority->port == 0 ? "" : ":" + std::to_string(authority->port));
  const auto again = http::ParseAuthority(normal);
  FUZZ_EXPECT(again && *again == *authority);
  const auto origin = sallyport::ParseOrigin("http://" + normal);
  if (origin) FUZZ_EXPECT(http::AddressesOrigin(text, *origin));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  CheckTarget(text, http::PathParameters::kRefused);
  CheckTarget(text, http::PathParameters::kLiteral);
  CheckRedirect(text);
  CheckAuthority(text);
  (void)http::HasOneSpelling(text);
  return 0;
}
