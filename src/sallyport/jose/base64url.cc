// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/base64url.h"

#include "sallyport/jose/base64_alphabet.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr Base64Alphabet kAlphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

}  // namespace

std::string EncodeBase64Url(std::string_view bytes) {
  std::string out;
  AppendBase64(kAlphabet, out, bytes);
  return out;
}

void AppendBase64Url(std::string& out, std::string_view bytes) { AppendBase64(kAlphabet, out, bytes); }

Result<std::string> DecodeBase64Url(std::string_view text) {
  auto bytes = ReadBase64(kAlphabet, text);
  if (!bytes) return Fail(Errc::kMalformed, "base64url");
  return *std::move(bytes);
}

}  // namespace sallyport::jose
