// SPDX-License-Identifier: Apache-2.0
// A certificate authority made on the spot, and certificates of it: good ones and bad ones.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>

namespace sallyport::test {

struct CertifiedKey {
  std::shared_ptr<EVP_PKEY> key;
  std::shared_ptr<X509> certificate;
};

class TestAuthority {
 public:
  TestAuthority();
  // For the subject alternative name `san`, e.g. "DNS:localhost". Valid for the day before its end, which may lie in the past.
  CertifiedKey Issue(const std::string& san, std::chrono::seconds ends_in = std::chrono::hours(1)) const;
  std::string pem() const;

 private:
  CertifiedKey self_;
};

}  // namespace sallyport::test
