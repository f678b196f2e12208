// What /etc/cloister/cloister.yaml says of the installation: where its web server is met, and with which
// certificate.
#pragma once

#include <cstdint>
#include <string>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

inline constexpr const char* kInstallationFile = "/etc/cloister/cloister.yaml";

struct InstallationFacts {
  std::string host;
  std::uint16_t port = 443;
  std::string certificate;
};

// EINVAL when it is no such file.
Result<InstallationFacts, FileError> installation_of(const System& system);

}  // namespace cloister::audit::probes
