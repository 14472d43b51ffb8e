// SPDX-License-Identifier: Apache-2.0
#include "sallyport/crypto/hmac.h"

#include "sallyport/base/secret.h"
#include "sallyport/crypto/constant_time.h"
#include "sallyport/crypto/digest_algorithms.h"

namespace sallyport::crypto {

// The digest after the inner and after the outer padded key: where every MAC under this key starts.
template <std::size_t kBytes>
struct Hmac<kBytes>::State {
  MdContext inner{EVP_MD_CTX_new()};
  MdContext outer{EVP_MD_CTX_new()};
};

template <std::size_t kBytes>
Hmac<kBytes>::Hmac(std::string_view key) {
  constexpr std::size_t kBlock = kBytes == 32 ? 64 : 128;
  std::array<unsigned char, kBlock> block{};
  if (key.size() > kBlock) {
    Must(EVP_Digest(key.data(), key.size(), block.data(), nullptr, Sha2(kBytes), nullptr) == 1, "HMAC key");
  } else {
    std::copy(key.begin(), key.end(), block.begin());
  }
  auto state = std::make_shared<State>();
  const auto start = [&](EVP_MD_CTX* context, unsigned char pad) {
    for (auto& byte : block) byte ^= pad;
    Must(EVP_DigestInit_ex2(context, Sha2(kBytes), nullptr) == 1 && EVP_DigestUpdate(context, block.data(), kBlock) == 1,
         "HMAC key");
  };
  start(state->inner.get(), 0x36);
  start(state->outer.get(), 0x36 ^ 0x5c);  // the first pad is still in the block
  WipeMemory(block.data(), block.size());
  state_ = std::move(state);
}

template <std::size_t kBytes>
Digest<kBytes> Hmac<kBytes>::Mac(std::initializer_list<std::string_view> parts) const {
  thread_local const MdContext context{EVP_MD_CTX_new()};
  Digest<kBytes> out;
  bool ok = EVP_MD_CTX_copy_ex(context.get(), state_->inner.get()) == 1;
  for (const auto part : parts) ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  ok = ok && EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1 &&
       EVP_MD_CTX_copy_ex(context.get(), state_->outer.get()) == 1 &&
       EVP_DigestUpdate(context.get(), out.data(), out.size()) == 1 &&
       EVP_DigestFinal_ex(context.get(), out.data(), nullptr) == 1;
  Must(ok, "HMAC");
  return out;
}

template <std::size_t kBytes>
bool Hmac<kBytes>::Verify(std::string_view message, std::string_view mac) const {
  return Equal(AsView(Mac(message)), mac);
}

template class Hmac<32>;
template class Hmac<48>;
template class Hmac<64>;

}  // namespace sallyport::crypto
