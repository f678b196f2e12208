#include "audit/probes/product/installation.h"

#include <yaml-cpp/yaml.h>

namespace cloister::audit::probes {

Result<InstallationFacts, FileError> installation_of(const System& system) {
  const auto text = system.read_file(kInstallationFile);
  if (!text) return fail(text.error());
  try {
    const YAML::Node root = YAML::Load(std::string(*text));
    InstallationFacts facts;
    facts.host = root["public"]["host"].as<std::string>();
    facts.port = root["public"]["port"].as<std::uint16_t>(facts.port);
    facts.certificate = root["files"]["certificate"].as<std::string>("");
    return facts;
  } catch (const YAML::Exception&) {
    return fail(FileError{std::make_error_code(std::errc::invalid_argument), kInstallationFile});
  }
}

}  // namespace cloister::audit::probes
