#include <fmt/core.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

#include "audit/probes/product/installation.h"
#include "audit/probes/product/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// Renewal begins 30 days before the end: under 14 it has failed many times.
constexpr std::time_t kSoon = 14 * 24 * 3600;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unique_ptr<X509, Free> first_certificate(std::string_view pem) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return std::unique_ptr<X509, Free>(bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
}

}  // namespace

Observation observe_certificate(const System& system, const model::ProbeArguments& arguments) {
  std::string path = arguments.one("path");
  if (path.empty()) {
    const auto installed = installation_of(system);
    if (!installed) return observation_of(installed.error());
    path = installed->certificate;
  }
  const auto pem = system.read_file(path);
  if (!pem) return observation_of(pem.error());
  const auto certificate = first_certificate(*pem);
  std::tm ends{};
  if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &ends) != 1)
    return {State::unreadable, {}, path + ": this is no certificate"};
  const std::time_t left = timegm(&ends) - std::time(nullptr);
  const char* const word = left < 0 ? "nothing" : left < kSoon ? "less than 14 days" : "14 days or more";
  return {
      State::observed,
      {{"ends", fmt::format("{:04}-{:02}-{:02}", ends.tm_year + 1900, ends.tm_mon + 1, ends.tm_mday)},
                  {"left", word}},
      {                                                                                              }
  };
}

}  // namespace cloister::audit::probes
