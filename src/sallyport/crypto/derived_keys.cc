// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/derived_keys.h"

#include "sallyport/crypto/errc.h"
#include "sallyport/crypto/hkdf.h"

namespace sallyport::crypto {

// Labels are part of the format of everything at rest: never edited, never used again for something else.
std::string_view LabelOf(KeyPurpose purpose) {
  switch (purpose) {
    case KeyPurpose::kCsrfToken: return "sallyport/1/csrf-token";
    case KeyPurpose::kSealedCookie: return "sallyport/1/sealed-cookie";
    case KeyPurpose::kStore: return "sallyport/1/store";
    case KeyPurpose::kSessionAux: return "sallyport/1/session-aux";
    case KeyPurpose::kRefreshMac: return "sallyport/1/refresh-mac-wrap";
    case KeyPurpose::kAccountToken: return "sallyport/1/account-token";
    case KeyPurpose::kTransaction: return "sallyport/1/transaction";
    case KeyPurpose::kCompat: return "sallyport/1/compat";
  }
  return {};
}

Result<DerivedKeys> DerivedKeys::Derive(std::span<const Secret> secrets) {
  if (secrets.empty()) return Fail(Errc::kInvalidKey, "no secret is configured");
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    if (secrets[i].size() < kMinSecretBytes)
      return Fail(Errc::kInvalidKey, "a secret needs at least " + std::to_string(kMinSecretBytes) + " bytes");
    for (std::size_t j = 0; j < i; ++j)
      if (secrets[i].Reveal() == secrets[j].Reveal()) return Fail(Errc::kInvalidKey, "the same secret is listed twice");
  }
  DerivedKeys out;
  for (std::size_t i = 0; i < kKeyPurposes; ++i)
    for (const Secret& secret : secrets)
      out.keys_[i].push_back(HkdfSha256(secret.Reveal(), {}, LabelOf(static_cast<KeyPurpose>(i)), kKeyBytes));
  return out;
}

}  // namespace sallyport::crypto
