// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/verified_jwt.h"

#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

// Media types compare without case, and "application/" may be left out (RFC 7515 §4.1.9).
std::string Normalised(std::string_view typ) {
  std::string out(typ);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  if (out.starts_with("application/")) out.erase(0, 12);
  return out;
}

bool TypeFits(std::string_view wanted, std::string_view found) {
  const std::string type = Normalised(found);
  return wanted.empty() ? type.empty() || type == "jwt" : type == Normalised(wanted);
}

}  // namespace

Result<VerifiedJwt> JwtVerifier::Verify(std::string_view compact) const {
  SALLYPORT_TRY(VerifiedJws jws, jws_.Verify(compact));
  if (!TypeFits(typ_, jws.header.typ)) return Fail(Errc::kWrongType);
  auto claims = ParseJsonObject(jws.payload, {.max_bytes = kMaxJwsBytes, .max_depth = 16});
  if (!claims) return Fail(Errc::kMalformed, "claims: " + claims.error().detail);
  SALLYPORT_CHECK(policy_.Check(*claims, clock_->Now()));
  return VerifiedJwt(std::move(jws.header), *std::move(claims));
}

}  // namespace sallyport::jose
