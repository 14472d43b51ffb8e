// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/token_inspection.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/base/url.h"
#include "sallyport/crypto/derived_keys.h"
#include "sallyport/crypto/system_random.h"
#include "sallyport/jose/errc.h"
#include "sallyport/jose/jwe.h"
#include "sallyport/jose/jws.h"
#include "sallyport/session/session_cookie.h"
#include "sallyport/token/access_token.h"
#include "sallyport/token/next_auth_csrf.h"
#include "sallyport/token/next_auth_jwe.h"

namespace sallyport::cli {
namespace {

// Before every expiry: an expired cookie is opened too, and its end is judged here, with words.
class BeforeAllTime final : public Clock {
 public:
  Timestamp Now() const override { return Timestamp{}; }
  SteadyTime Steady() const override { return {}; }
};

void TellTimes(TokenInspection& out, Timestamp now) {
  for (const auto* name : {"iat", "nbf", "auth_time", "exp", "sae"}) {
    const auto seconds = GetInteger(out.claims, name);
    if (!seconds || *seconds < 0 || *seconds > 253'402'300'799) continue;
    const auto at = FromUnixSeconds(*seconds);
    out.times.push_back(fmt::format("{}: {}, {}", name, ToIso8601(at), InWords(at - now)));
  }
}

bool HasExpired(const json::object& claims, Timestamp now) {
  const auto exp = GetInteger(claims, "exp");
  return exp && *exp <= UnixSeconds(now);
}

void InspectJws(TokenInspection& out, std::string_view token, const InspectionKeys& keys, Timestamp now) {
  const auto parsed = jose::ParseUnverifiedJws(token);
  out.kind = "jws";
  out.what = "A signed token (JWS)";
  if (!parsed) {
    out.verdict = fmt::format("it cannot be taken apart: {}", parsed.error().code.message());
    return;
  }
  out.header = {{"alg", NameOf(parsed->header.algorithm)}, {"kid", parsed->header.kid}, {"typ", parsed->header.typ}};
  if (parsed->header.typ == token::kAccessTokenType) {
    out.kind = "access_token";
    out.what = "An access token (RFC 9068), as Sallyport gives to upstreams";
  }
  if (auto claims = ParseJsonObject(parsed->payload)) out.claims = *std::move(claims);
  TellTimes(out, now);
  if (!keys.signing) {
    out.verdict = "the signature was not checked: the store with the keys could not be asked";
    return;
  }
  const jose::JwsVerifier verifier(*keys.signing, {jose::JwsAlgorithm::kEs256});
  if (const auto checked = verifier.Verify(token); !checked) {
    out.verdict = checked.error().Is(jose::Errc::kKeyNotFound) ? "no key of this store has its kid: another Sallyport made it, or the key is long retired"
                                                               : fmt::format("the signature does not hold: {}", checked.error().code.message());
  } else if (HasExpired(out.claims, now)) {
    out.verdict = "the signature is ours, but it has expired";
  } else {
    out.verified = true;
    out.verdict = "the signature is ours and it has not expired";
  }
}

// Every way in which a session cookie of this configuration can have been sealed.
Result<json::object> OpenSessionCookie(std::string_view token, const config::Config& config) {
  const BeforeAllTime clock;
  crypto::SystemRandom random;
  std::vector<Secret> secrets;
  for (const auto& secret : config.session.compat_secrets) secrets.push_back(secret.Clone());
  if (secrets.empty()) {
    SALLYPORT_TRY(const auto derived, crypto::DerivedKeys::Derive(config.secrets));
    for (const auto& key : derived.All(crypto::KeyPurpose::kCompat)) secrets.push_back(key.Clone());
  }
  Result<json::object> last = Fail(std::make_error_code(std::errc::invalid_argument));
  for (const auto compat : {session::NextAuthCompat::kV5, session::NextAuthCompat::kV4}) {
    const auto version = compat == session::NextAuthCompat::kV4 ? token::NextAuthVersion::kV4 : token::NextAuthVersion::kV5;
    for (const bool secure : {config.gateway.public_url.secure(), !config.gateway.public_url.secure()}) {
      SALLYPORT_TRY(const auto codec, token::NextAuthCodec::Create(version, secrets, session::CookieNames::For(compat, secure).session, clock, random));
      last = codec.Open(token);
      if (last) return last;
    }
  }
  return last;
}

void InspectJwe(TokenInspection& out, std::string_view token, const InspectionKeys& keys, Timestamp now) {
  out.kind = "jwe";
  out.what = "An encrypted token (JWE)";
  const auto header = jose::ParseJweHeader(token);
  if (!header) {
    out.verdict = fmt::format("it cannot be taken apart: {}", header.error().code.message());
    return;
  }
  out.header = {{"alg", "dir"}, {"enc", NameOf(header->encryption)}, {"kid", header->kid}};
  if (!keys.config) {
    out.verdict = "it was not opened: there is no configuration with the secret";
    return;
  }
  auto claims = OpenSessionCookie(token, *keys.config);
  if (!claims) {
    out.verdict = "no secret of this configuration opens it: it was made with another secret, or for another cookie name";
    return;
  }
  out.kind = "session_cookie";
  out.what = "A session cookie in next-auth's format";
  out.claims = *std::move(claims);
  TellTimes(out, now);
  out.verified = !HasExpired(out.claims, now);
  out.verdict = out.verified ? "it opens with a secret of this configuration and has not expired; whether the session was ended is in `sallyport session list`"
                             : "it opens with a secret of this configuration, but it has expired";
}

void InspectCsrf(TokenInspection& out, const std::string& token, const InspectionKeys& keys) {
  out.kind = "csrf_cookie";
  out.what = "A CSRF cookie of next-auth clients: token|hash";
  out.claims = {{"csrfToken", token.substr(0, 64)}};
  if (!keys.config) {
    out.verdict = "it was not checked: there is no configuration with the secret";
    return;
  }
  const auto check = [&](std::span<const Secret> secrets) { return token::NextAuthCsrf(secrets).Verify(token).has_value(); };
  const auto derived = crypto::DerivedKeys::Derive(keys.config->secrets);
  const auto& shared = keys.config->session.compat_secrets;
  out.verified = shared.empty() ? derived && check(derived->All(crypto::KeyPurpose::kCompat)) : check(shared);
  out.verdict = out.verified ? "the hash fits a secret of this configuration" : "the hash fits no secret of this configuration";
}

// "Cookie: a=…", "Bearer …" and percent-encoding come along when people copy.
std::string Bare(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && std::string_view(" \"\r\n;").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  if (text.starts_with("Bearer ") || text.starts_with("bearer ")) text.remove_prefix(7);
  if (const auto equals = text.find('='); equals != std::string_view::npos && equals < 64) text.remove_prefix(equals + 1);
  auto decoded = PercentDecode(text);
  return decoded ? *std::move(decoded) : std::string(text);
}

bool All(std::string_view text, bool (*fits)(char)) { return std::all_of(text.begin(), text.end(), fits); }
bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool IsBase64Url(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

}  // namespace

std::string InWords(Duration from_now) {
  const auto seconds = std::abs(std::chrono::duration_cast<std::chrono::seconds>(from_now).count());
  if (seconds == 0) return "now";
  const auto [count, unit] = seconds < 120      ? std::pair(seconds, "second")
                             : seconds < 7200   ? std::pair(seconds / 60, "minute")
                             : seconds < 172800 ? std::pair(seconds / 3600, "hour")
                                                : std::pair(seconds / 86400, "day");
  const auto amount = fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
  return from_now.count() > 0 ? "in " + amount : amount + " ago";
}

TokenInspection InspectToken(std::string_view text, const InspectionKeys& keys, Timestamp now) {
  TokenInspection out{.kind = "unknown", .what = "Nothing that Sallyport or next-auth makes", .header = {}, .claims = {}, .times = {}, .verdict = "its form is not known"};
  const auto token = Bare(text);
  const auto dots = std::count(token.begin(), token.end(), '.');
  if (dots == 2) {
    InspectJws(out, token, keys, now);
  } else if (dots == 4) {
    InspectJwe(out, token, keys, now);
  } else if (token.size() == 129 && token[64] == '|' && All(token.substr(0, 64), IsHex) && All(token.substr(65), IsHex)) {
    InspectCsrf(out, token, keys);
  } else if (token.size() == 43 && All(token, IsBase64Url)) {
    out.kind = "opaque";
    out.what = "A random value: an opaque session token, or a session's CSRF token";
    out.verdict = "there is nothing in it to read; the store knows a session token only by its hash";
  }
  return out;
}

}  // namespace sallyport::cli
