// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/digest.h"

#include "sallyport/crypto/digest_algorithms.h"

namespace sallyport::crypto {
namespace {

// A context bound to its algorithm: re-initialising it with no algorithm named is the cheapest way to begin anew.
template <std::size_t kBytes>
MdContext BoundContext() {
  MdContext context{EVP_MD_CTX_new()};
  Must(context != nullptr && EVP_DigestInit_ex2(context.get(), Sha2(kBytes), nullptr) == 1, "SHA-2");
  return context;
}

template <std::size_t kBytes>
Digest<kBytes> Compute(const std::string_view* parts, std::size_t count) {
  thread_local const MdContext context = BoundContext<kBytes>();
  Digest<kBytes> out;
  bool ok = EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1;
  for (std::size_t i = 0; i < count; ++i) ok = ok && EVP_DigestUpdate(context.get(), parts[i].data(), parts[i].size()) == 1;
  Must(ok && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1, "SHA-2");
  return out;
}

}  // namespace

Sha256Digest Sha256(std::string_view data) { return Compute<32>(&data, 1); }
Sha384Digest Sha384(std::string_view data) { return Compute<48>(&data, 1); }
Sha512Digest Sha512(std::string_view data) { return Compute<64>(&data, 1); }
Sha256Digest Sha256(std::initializer_list<std::string_view> parts) { return Compute<32>(parts.begin(), parts.size()); }

}  // namespace sallyport::crypto
