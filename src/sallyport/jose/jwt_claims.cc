// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/jwt_claims.h"

#include <cmath>
#include <optional>

#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr std::int64_t kMaxSeconds = 253'402'300'799;  // the year 9999: no overflow in what follows

std::unexpected<Error> Malformed(std::string_view name) {
  return Fail(Errc::kMalformed, "claim " + std::string(name) + " has the wrong type");
}

// NumericDate (RFC 7519 §2): seconds, with or without a fraction. nullopt when absent.
Result<std::optional<Timestamp>> Date(const json::object& claims, std::string_view name) {
  const json::value* value = claims.if_contains(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_int64()) {
    const std::int64_t seconds = value->get_int64();
    if (seconds < 0 || seconds > kMaxSeconds) return Malformed(name);
    return FromUnixSeconds(seconds);
  }
  if (!value->is_double() || !(value->get_double() >= 0 && value->get_double() <= static_cast<double>(kMaxSeconds)))
    return Malformed(name);
  return FromUnixMillis(static_cast<std::int64_t>(std::floor(value->get_double() * 1000)));
}

Result<void> CheckIssuer(const json::object& claims, std::string_view issuer) {
  const json::value* value = claims.if_contains("iss");
  if (value == nullptr) return Fail(Errc::kMissingClaim, "iss");
  if (!value->is_string()) return Malformed("iss");
  if (issuer.empty() || std::string_view(value->get_string()) != issuer) return Fail(Errc::kWrongIssuer);
  return {};
}

Result<void> CheckAudience(const json::object& claims, std::string_view audience) {
  const json::value* value = claims.if_contains("aud");
  if (value == nullptr) return Fail(Errc::kMissingClaim, "aud");
  bool found = false;
  if (value->is_string()) {
    found = std::string_view(value->get_string()) == audience;
  } else if (value->is_array()) {
    for (const json::value& item : value->get_array()) {
      if (!item.is_string()) return Malformed("aud");
      found = found || std::string_view(item.get_string()) == audience;
    }
  } else {
    return Malformed("aud");
  }
  if (audience.empty() || !found) return Fail(Errc::kWrongAudience);
  return {};
}

}  // namespace

Result<void> JwtClaimsPolicy::Check(const json::object& claims, Timestamp now) const {
  SALLYPORT_TRY(const auto expires, Date(claims, "exp"));
  SALLYPORT_TRY(const auto issued, Date(claims, "iat"));
  SALLYPORT_TRY(const auto not_before, Date(claims, "nbf"));
  if (!expires && !allow_missing_exp_) return Fail(Errc::kMissingClaim, "exp");
  if (!issued && (!allow_missing_iat_ || max_age_.count() > 0)) return Fail(Errc::kMissingClaim, "iat");
  if (expires && now >= *expires + tolerance_) return Fail(Errc::kExpired);
  if (not_before && now + tolerance_ < *not_before) return Fail(Errc::kNotYetValid);
  if (issued && now + tolerance_ < *issued) return Fail(Errc::kIssuedInFuture);
  if (issued && max_age_.count() > 0 && now >= *issued + max_age_ + tolerance_) return Fail(Errc::kTooOld);
  if (!any_issuer_) SALLYPORT_CHECK(CheckIssuer(claims, issuer_));
  if (!any_audience_) SALLYPORT_CHECK(CheckAudience(claims, audience_));
  if (claims.contains("sub") && !GetString(claims, "sub")) return Malformed("sub");
  if (require_sub_ && GetString(claims, "sub").value_or("").empty()) return Fail(Errc::kMissingClaim, "sub");
  return {};
}

}  // namespace sallyport::jose
