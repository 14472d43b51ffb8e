// SPDX-License-Identifier: Apache-2.0
#include "sallyport/gateway/forward_auth/described_request.h"

#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/host.h"

namespace sallyport::gateway {
namespace {

constexpr http::HeadLimits kLimits{.max_head_bytes = 256 * 1024, .max_target_bytes = 128 * 1024, .max_fields = 1};

struct Parts {
  std::string_view method, authority, target;
};

bool IsSpellingOf(std::string_view name, std::string_view wanted) {
  return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                    [](char a, char b) { return http::ToLower(a == '_' ? '-' : a) == http::ToLower(b); });
}

// Empty unless exactly one field has that name, in whatever spelling, and spells it with dashes.
std::string_view OnlyOne(const http::HeaderTable& fields, std::string_view name) {
  const http::HeaderField* found = nullptr;
  for (const http::HeaderField& field : fields.fields()) {
    if (!IsSpellingOf(field.name, name)) continue;
    if (found) return {};
    found = &field;
  }
  return found && http::EqualsIgnoreCase(found->name, name) ? found->value : std::string_view();
}

Parts PartsOfUrl(std::string_view method, std::string_view url) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!url.starts_with(scheme)) continue;
    url.remove_prefix(scheme.size());
    const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
    return {method, url.substr(0, end), url.substr(end)};
  }
  return {};
}

Parts PartsFor(ForwardAuthDialect dialect, const http::RequestHead& asking) {
  const http::HeaderTable& fields = asking.fields;
  switch (dialect) {
    case ForwardAuthDialect::kNginx:
    case ForwardAuthDialect::kHaproxy: return PartsOfUrl(OnlyOne(fields, "X-Original-Method"), OnlyOne(fields, "X-Original-URL"));
    case ForwardAuthDialect::kTraefik:
    case ForwardAuthDialect::kCaddy:
      return {OnlyOne(fields, "X-Forwarded-Method"), OnlyOne(fields, "X-Forwarded-Host"), OnlyOne(fields, "X-Forwarded-Uri")};
    case ForwardAuthDialect::kEnvoy:
      return {asking.method_name, OnlyOne(fields, "Host"), asking.raw_target.substr(kVerifyPath.size())};
  }
  return {};
}

// The others ask with the bare path; what stands behind it would be a mistake in the proxy's configuration.
bool HasPathBehind(std::string_view raw_target) { return raw_target.substr(kVerifyPath.size()).starts_with('/'); }

}  // namespace

bool AsksForVerdict(std::string_view raw_target) {
  if (!raw_target.starts_with(kVerifyPath)) return false;
  raw_target.remove_prefix(kVerifyPath.size());
  return raw_target.empty() || raw_target.front() == '?' || raw_target.front() == '/';
}

bool ReadDescribed(ForwardAuthDialect dialect, const http::RequestHead& asking, std::string& text, DescribedRequest& out) {
  if (HasPathBehind(asking.raw_target) != (dialect == ForwardAuthDialect::kEnvoy)) return false;
  const Parts parts = PartsFor(dialect, asking);
  if (parts.method.empty() || parts.authority.empty() || !parts.target.starts_with('/')) return false;

  // Through the front door's own parser: a header's value may hold what no request line does.
  text.clear();
  text.append(parts.method).append(" ").append(parts.target).append(" HTTP/1.1\r\nHost: ").append(parts.authority).append("\r\n\r\n");
  const auto used = http::ParseRequestHead(text, 0, kLimits, out.head);
  if (!used || *used != text.size() || out.head.raw_target != parts.target) return false;
  std::string scratch;
  const auto canonical = http::CanonicalTarget(out.head.raw_target, out.head.method, scratch);
  if (!canonical || !http::EqualsIgnoreCase(canonical->path_and_query, parts.target)) return false;
  const auto authority = http::RequestAuthority(out.head, *canonical);
  if (!authority) return false;

  out.authority = *authority;
  // The canonical case of its escapes, in place: both are of one length, so that the views stay.
  const std::size_t at = static_cast<std::size_t>(out.head.raw_target.data() - text.data());
  const std::size_t size = canonical->path_and_query.size();
  std::copy_n(canonical->path_and_query.data(), size, text.data() + at);
  const std::string_view whole = std::string_view(text).substr(at, size);
  out.target = *canonical;
  out.target.path_and_query = whole;
  out.target.path = whole.substr(0, canonical->path.size());
  out.target.query = canonical->has_query ? whole.substr(canonical->path.size() + 1) : std::string_view();
  out.head.fields = asking.fields;
  return true;
}

}  // namespace sallyport::gateway
