// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_cookie.h"

#include <algorithm>

#include "sallyport/http/header_field.h"
#include "sallyport/http/set_cookie.h"
#include "sallyport/token/cookie_chunks.h"

namespace sallyport::session {
namespace {

std::string_view FamilyOf(NextAuthCompat compat) { return compat == NextAuthCompat::kV4 ? "next-auth." : "authjs."; }

// `start` begins with a letter or with what has no case. (Most names differ in their first byte.)
bool StartsWithIgnoreCase(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && (text[0] | 0x20) == (start[0] | 0x20) && http::EqualsIgnoreCase(text.substr(0, start.size()), start);
}

std::string_view WithoutPrefix(std::string_view name) {
  using namespace std::string_view_literals;
  if (!name.starts_with("__")) return name;
  for (const std::string_view prefix : {"__Secure-"sv, "__Host-"sv}) {
    if (StartsWithIgnoreCase(name, prefix)) return name.substr(prefix.size());
  }
  return name;
}

// next-auth sets no Max-Age on the session cookie, only Expires.
http::SetCookie SessionCookie(const CookieNames& names, std::string name) {
  http::SetCookie cookie;
  cookie.name = std::move(name);
  cookie.secure = names.secure;
  return cookie;
}

}  // namespace

CookieNames CookieNames::For(NextAuthCompat compat, bool secure) {
  const std::string family(FamilyOf(compat));
  const std::string secure_prefix = secure ? "__Secure-" : "";
  CookieNames names;
  names.session = secure_prefix + family + "session-token";
  names.csrf = (secure ? "__Host-" : "") + family + "csrf-token";
  names.callback_url = secure_prefix + family + "callback-url";
  names.secure = secure;
  return names;
}

bool CookieNames::IsOurs(std::string_view name) const {
  if (name == xsrf) return true;
  // The whole family in every spelling: what next-auth would own, also from before a move to https.
  const std::string_view base = WithoutPrefix(session);
  const std::string_view family = base.substr(0, base.find('.') + 1);
  return StartsWithIgnoreCase(WithoutPrefix(name), family);
}

bool CookieNames::IsSession(std::string_view name) const {
  if (!name.starts_with(session)) return false;
  name.remove_prefix(session.size());
  if (name.empty()) return true;
  if (name[0] != '.' || name.size() == 1) return false;
  return std::all_of(name.begin() + 1, name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string> SetSessionCookies(const CookieNames& names, NextAuthCompat compat, std::string_view value, Timestamp expires,
                                           const std::vector<std::string>& present_names) {
  const auto version = compat == NextAuthCompat::kV4 ? token::NextAuthVersion::kV4 : token::NextAuthVersion::kV5;
  const auto chunks = token::SplitCookie(names.session, value, token::ChunkSize(version));
  std::vector<std::string> lines;
  if (!chunks) return lines;
  for (const std::string& name : present_names) {
    const bool reused = std::any_of(chunks->begin(), chunks->end(), [&](const auto& chunk) { return chunk.name == name; });
    if (!reused && names.IsSession(name)) lines.push_back(SessionCookie(names, name).Deletion().ToString());
  }
  for (const auto& chunk : *chunks) {
    http::SetCookie cookie = SessionCookie(names, chunk.name);
    cookie.value = chunk.value;
    cookie.expires = expires;
    lines.push_back(cookie.ToString());
  }
  return lines;
}

std::string SessionCookieAttributes(const CookieNames& names, Timestamp expires) {
  http::SetCookie cookie = SessionCookie(names, names.session);
  cookie.expires = expires;
  std::string attributes;
  cookie.AppendAttributesTo(attributes);
  return attributes;
}

std::vector<std::string> ClearSessionCookies(const CookieNames& names, const std::vector<std::string>& present_names) {
  std::vector<std::string> lines{SessionCookie(names, names.session).Deletion().ToString()};
  for (const std::string& name : present_names) {
    if (name != names.session && names.IsSession(name)) lines.push_back(SessionCookie(names, name).Deletion().ToString());
  }
  return lines;
}

}  // namespace sallyport::session
