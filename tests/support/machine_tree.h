// Files of an invented machine, for probes: written below a temporary root, then looked at as a System.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "audit/model/check.h"
#include "audit/probes/system/system.h"
#include "support/temporary_folder.h"

namespace cloister::support {

class MachineTree {
public:
  // Overwrites. Folders above are made, with mode 0755.
  MachineTree& with(const std::string& path, const std::string& content = "", mode_t mode = 0644) {
    const std::string place = root_ / path.substr(1);
    std::filesystem::create_directories(std::filesystem::path(place).parent_path());
    std::ofstream(place, std::ios::binary) << content;
    return change(path, mode);
  }
  MachineTree& with_folder(const std::string& path, mode_t mode = 0755) {
    std::filesystem::create_directories(root_ / path.substr(1));
    return change(path, mode);
  }
  MachineTree& with_link(const std::string& path, const std::string& target) {
    const std::string place = root_ / path.substr(1);
    std::filesystem::create_directories(std::filesystem::path(place).parent_path());
    std::filesystem::create_symlink(target, place);
    return *this;
  }

  audit::probes::System unpacked() const { return open(audit::probes::System::at(root_ / "")); }
  audit::probes::System running(audit::probes::Doors doors = {}) const {
    return open(audit::probes::System::running(root_ / "", std::move(doors)));
  }
  // root:root where the test runs as root, else the user's own: what probes name without a passwd file.
  std::string owner() const { return std::to_string(geteuid()) + " " + std::to_string(getegid()); }

private:
  MachineTree& change(const std::string& path, mode_t mode) {
    if (chmod((root_ / path.substr(1)).c_str(), mode) != 0) throw std::runtime_error("chmod " + path);
    return *this;
  }
  static audit::probes::System open(Result<audit::probes::System, audit::probes::FileError> made) {
    if (!made) throw std::runtime_error(made.error().path + ": " + made.error().code.message());
    return std::move(*made);
  }

  TemporaryFolder root_;
};

// A plain value, as `{sshd: ciphers}`.
inline audit::model::ProbeArguments asked(std::string value) {
  return {.values = {std::move(value)}, .named = {}};
}

// Named ones, as `{setting: {path: /etc/x, key: y}}`.
inline audit::model::ProbeArguments asked_with(decltype(audit::model::ProbeArguments::named) named) {
  return {.values = {}, .named = std::move(named)};
}

}  // namespace cloister::support
