// SPDX-License-Identifier: Apache-2.0
#include "sallyport/jose/base64.h"

#include "sallyport/jose/base64_alphabet.h"
#include "sallyport/jose/errc.h"

namespace sallyport::jose {
namespace {

constexpr Base64Alphabet kAlphabet("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

}  // namespace

std::string EncodeBase64(std::string_view bytes) {
  std::string out;
  AppendBase64(kAlphabet, out, bytes);
  out.append((4 - out.size() % 4) % 4, '=');
  return out;
}

Result<std::string> DecodeBase64(std::string_view text) {
  if (text.size() % 4 != 0) return Fail(Errc::kMalformed, "base64");
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  auto bytes = ReadBase64(kAlphabet, text);
  if (!bytes) return Fail(Errc::kMalformed, "base64");
  return *std::move(bytes);
}

}  // namespace sallyport::jose
