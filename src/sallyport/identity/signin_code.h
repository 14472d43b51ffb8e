// SPDX-License-Identifier: Apache-2.0
// The eight digits beside the link of a sign-in mail, for the browser that asked (S54).
//
// Few enough to be typed, so never good by themselves: whoever judges one knows which mail it belongs to and counts tries. At
// rest only an HMAC of it is kept, over the mail's token too, so that equal codes of two mails have nothing in common. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sallyport/base/random.h"
#include "sallyport/crypto/derived_keys.h"

namespace sallyport::identity {

std::string MintSignInCode(Random& random);
// "1234 5678", as people read it.
std::string ShowSignInCode(std::string_view code);
// The digits of what was typed, spaces and hyphens aside; nullopt when they are not eight.
std::optional<std::string> ReadSignInCode(std::string_view typed);

// Lower-case hex, by the first key.
std::string HashSignInCode(const crypto::DerivedKeys& keys, std::string_view token_hash, std::string_view code);
// By any of the keys, in constant time.
bool FitsSignInCode(const crypto::DerivedKeys& keys, std::string_view token_hash, std::string_view code, std::string_view hash);

}  // namespace sallyport::identity
