// What stands in a certificate, as far as people have to know it.
#pragma once

#include <openssl/x509.h>

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"

namespace cloister::net {

struct CertificateFacts {
  std::string issuer;  // its common name, else its organisation
  std::vector<std::string> names;
  std::chrono::system_clock::time_point ends;

  // Negative once it has ended.
  long days_left(std::chrono::system_clock::time_point now) const;
};

CertificateFacts facts_of(const X509* certificate);
// The first certificate of a file (PEM).
Result<CertificateFacts, SystemError> read_certificate(const std::string& file);

}  // namespace cloister::net
