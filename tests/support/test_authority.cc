// SPDX-License-Identifier: Apache-2.0
#include "support/test_authority.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>

namespace sallyport::test {
namespace {

void Must(bool success) {
  if (!success) throw std::runtime_error("OpenSSL failed to make a certificate");
}

void Extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), &X509_EXTENSION_free);
  Must(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

CertifiedKey Make(const std::string& name, std::chrono::seconds ends_in) {
  static std::atomic<long> serial = 1;
  CertifiedKey made{{EVP_EC_gen("P-256"), &EVP_PKEY_free}, {X509_new(), &X509_free}};
  Must(made.key && made.certificate);
  X509* const certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), static_cast<long>(ends_in.count()) - 24 * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), static_cast<long>(ends_in.count()));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  Must(X509_set_pubkey(certificate, made.key.get()) == 1);
  return made;
}

void Sign(const CertifiedKey& made, const CertifiedKey& by) {
  Must(X509_set_issuer_name(made.certificate.get(), X509_get_subject_name(by.certificate.get())) == 1);
  Must(X509_sign(made.certificate.get(), by.key.get(), EVP_sha256()) > 0);
}

}  // namespace

TestAuthority::TestAuthority() : self_(Make("Test authority", std::chrono::hours(1))) {
  Extend(self_.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  Extend(self_.certificate.get(), NID_key_usage, "critical,keyCertSign");
  Sign(self_, self_);
}

CertifiedKey TestAuthority::Issue(const std::string& san, std::chrono::seconds ends_in) const {
  CertifiedKey made = Make("Test server", ends_in);
  Extend(made.certificate.get(), NID_subject_alt_name, san);
  Sign(made, self_);
  return made;
}

std::string TestAuthority::pem() const {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> out(BIO_new(BIO_s_mem()), &BIO_free_all);
  Must(out && PEM_write_bio_X509(out.get(), self_.certificate.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace sallyport::test
