// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/fetch_metadata.h"

#include <algorithm>

#include "sallyport/http/media_type.h"

namespace sallyport::http {
namespace {

bool IsOnly(const HeaderTable& fields, HeaderId id, std::string_view value) {
  return fields.Count(id) == 1 && fields.Get(id) == value;
}

bool ValueIs(const HeaderTable& fields, std::string_view name, std::string_view value) {
  const HeaderField* const field = fields.Find(name);
  return field != nullptr && EqualsIgnoreCase(field->value, value);
}

}  // namespace

bool HasOwnOrigin(const HeaderTable& fields, std::span<const std::string> own_origins) {
  return fields.Count(HeaderId::kOrigin) == 1 &&
         std::find(own_origins.begin(), own_origins.end(), fields.Get(HeaderId::kOrigin)) != own_origins.end();
}

Provenance JudgeProvenance(const HeaderTable& fields, std::span<const std::string> own_origins) {
  if (fields.Has(HeaderId::kSecFetchSite)) {
    if (IsOnly(fields, HeaderId::kSecFetchSite, "same-origin")) return Provenance::kSameOrigin;
    if (IsOnly(fields, HeaderId::kSecFetchSite, "none")) return Provenance::kUser;
    return Provenance::kCross;
  }
  if (!fields.Has(HeaderId::kOrigin)) return Provenance::kAbsent;
  return HasOwnOrigin(fields, own_origins) ? Provenance::kSameOrigin : Provenance::kCross;
}

bool PassesOriginCheck(const HeaderTable& fields, std::span<const std::string> own_origins) {
  const Provenance provenance = JudgeProvenance(fields, own_origins);
  return provenance == Provenance::kSameOrigin || provenance == Provenance::kUser;
}

bool IsNavigation(const RequestHead& head) {
  if (head.fields.Has(HeaderId::kSecFetchMode)) return IsOnly(head.fields, HeaderId::kSecFetchMode, "navigate");
  if (head.method != Method::kGet && head.method != Method::kHead) return false;
  return PreferredFormat(head.fields.Get(HeaderId::kAccept)) == Preference::kHtml;
}

bool IsPrefetch(const HeaderTable& fields) {
  return fields.Has(HeaderId::kSecPurpose) || ValueIs(fields, "purpose", "prefetch") || ValueIs(fields, "x-moz", "prefetch");
}

bool MayStartSignIn(const HeaderTable& fields) {
  return IsOnly(fields, HeaderId::kSecFetchSite, "same-origin") && IsOnly(fields, HeaderId::kSecFetchMode, "navigate") &&
         IsOnly(fields, HeaderId::kSecFetchDest, "document") && !IsPrefetch(fields);
}

bool LooksLikeNonBrowser(const HeaderTable& fields) {
  return !fields.Has(HeaderId::kOrigin) && !fields.Has(HeaderId::kCookie) && !fields.Has(HeaderId::kSecFetchSite) &&
         !fields.Has(HeaderId::kSecFetchMode) && !fields.Has(HeaderId::kSecFetchDest) && !fields.Has(HeaderId::kSecFetchUser);
}

}  // namespace sallyport::http
