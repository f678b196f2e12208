#include "net/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace cloister::net {
namespace {

std::string text_of(X509_NAME* name, int field) {
  std::array<char, 256> text{};
  const int length = X509_NAME_get_text_by_NID(name, field, text.data(), text.size());
  return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : std::string();
}

std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> out;
  auto* const names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    if (name->type != GEN_DNS) continue;
    out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                     static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  GENERAL_NAMES_free(names);
  return out;
}

}  // namespace

long CertificateFacts::days_left(std::chrono::system_clock::time_point now) const {
  return static_cast<long>(std::chrono::floor<std::chrono::days>(ends - now).count());
}

CertificateFacts facts_of(const X509* certificate) {
  CertificateFacts out;
  X509_NAME* const issuer = X509_get_issuer_name(certificate);
  out.issuer = text_of(issuer, NID_commonName);
  if (out.issuer.empty()) out.issuer = text_of(issuer, NID_organizationName);
  out.names = names_of(certificate);
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1)
    out.ends = std::chrono::system_clock::from_time_t(timegm(&end));
  return out;
}

Result<CertificateFacts, SystemError> read_certificate(const std::string& file) {
  struct Close {
    void operator()(std::FILE* open) const { std::fclose(open); }
  };
  const std::unique_ptr<std::FILE, Close> in(std::fopen(file.c_str(), "re"));
  if (!in)
    return fail(SystemError{
        {errno, std::generic_category()},
        "opening the certificate"
    });
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      PEM_read_X509(in.get(), nullptr, nullptr, nullptr), X509_free);
  if (!certificate)
    return fail(SystemError{std::make_error_code(std::errc::bad_message), "reading the certificate"});
  return facts_of(certificate.get());
}

}  // namespace cloister::net
