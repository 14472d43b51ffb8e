// SPDX-License-Identifier: Apache-2.0
// Cookies of a request (RFC 6265 §4.2, read as leniently as browsers write, never more).
//
// Split at ';', trimmed, name ends at the first '='. Left out: entries without '=' or with an empty name, names with
// spaces or controls, and names that are a prefix "__Host-" or "__Secure-" in another case (S2: browsers enforce those
// prefixes case-insensitively or not at all). All Cookie fields of the head count, in order. Never allocates but for
// the rewritten value.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sallyport/http/header_field.h"

namespace sallyport::http {

struct Cookie {
  std::string_view name;
  std::string_view value;  // without one pair of surrounding double quotes; not percent-decoded
  std::string_view raw;    // the whole entry, trimmed
};

// Walks one Cookie field.
class CookieCursor {
 public:
  explicit CookieCursor(std::string_view field_value) : rest_(field_value) {}
  // False at the end. Entries that are left out are skipped and set dropped().
  bool Next(Cookie& out);
  bool dropped() const { return dropped_; }

 private:
  std::string_view rest_;
  bool dropped_ = false;
};

// Calls `visit(const Cookie&)` for every cookie of every Cookie field, in order.
template <class Visit>
void ForEachCookie(const HeaderTable& fields, Visit&& visit) {
  if (!fields.Has(HeaderId::kCookie)) return;
  for (const HeaderField& field : fields.fields()) {
    if (field.id != HeaderId::kCookie) continue;
    CookieCursor cursor(field.value);
    for (Cookie cookie; cursor.Next(cookie);) visit(static_cast<const Cookie&>(cookie));
  }
}

// Values of all cookies named `name` (exact case), up to out.size(); returns how many there are in all (S3).
std::size_t FindCookies(const HeaderTable& fields, std::string_view name, std::span<std::string_view> out);
// The first of them.
std::optional<std::string_view> FindCookie(const HeaderTable& fields, std::string_view name);

// True for "__host-x", "__SECURE-x" …: a prefix in any case but the exact one.
bool IsPrefixVariant(std::string_view cookie_name);

enum class CookieFilterResult : std::uint8_t {
  kUnchanged,  // every entry stays and there is at most one Cookie field: forward it as it is
  kRewritten,  // `out` holds the value of the one Cookie field to send instead
  kEmpty,      // nothing stays: send no Cookie field (also when there was none)
};

// Keeps the entries for which `keep(const Cookie&)` is true (all fields become one, "; " between). Entries that the
// parser leaves out never pass. `out` is overwritten.
class CookieFilter {
 public:
  explicit CookieFilter(std::string& out) : out_(out) { out_.clear(); }

  template <class Keep>
  CookieFilterResult Run(const HeaderTable& fields, Keep&& keep) {
    bool changed = false;
    std::size_t number_of_fields = 0;
    if (!fields.Has(HeaderId::kCookie)) return CookieFilterResult::kEmpty;
    for (const HeaderField& field : fields.fields()) {
      if (field.id != HeaderId::kCookie) continue;
      ++number_of_fields;
      CookieCursor cursor(field.value);
      for (Cookie cookie; cursor.Next(cookie);) {
        if (keep(static_cast<const Cookie&>(cookie))) Append(cookie.raw);
        else changed = true;
      }
      changed |= cursor.dropped();
    }
    if (out_.empty()) return CookieFilterResult::kEmpty;
    return changed || number_of_fields > 1 ? CookieFilterResult::kRewritten : CookieFilterResult::kUnchanged;
  }

 private:
  void Append(std::string_view raw_entry);
  std::string& out_;
};

}  // namespace sallyport::http
