// What systemd knows of its units, asked over D-Bus. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

struct sd_bus;

namespace cloister::cli::machine {

struct UnitState {
  std::string load;                             // "loaded", "not-found" …
  std::string active;                           // "active", "inactive", "failed", "activating" …
  std::chrono::system_clock::time_point since;  // of `active`; zero when it never was
  std::uint32_t restarts = 0;                   // by systemd itself, after it ended
};

class Units {
public:
  // By systemd's own socket for root (no message bus has to run), else by the system's bus.
  static Result<Units, SystemError> connect();
  // An open connection to somebody who answers as systemd does.
  explicit Units(sd_bus* bus) : bus_(bus) {}

  // `unit` with or without its ".service".
  Result<UnitState, SystemError> state(const std::string& unit) const;
  // Properties of org.freedesktop.systemd1.Service, in the types that D-Bus gives them.
  Result<std::string, SystemError> text(const std::string& unit, const char* property) const;
  Result<std::uint64_t, SystemError> number(const std::string& unit, const char* property) const;

private:
  struct Close {
    void operator()(sd_bus* bus) const;
  };
  Result<std::string, SystemError> path_of(const std::string& unit) const;

  std::unique_ptr<sd_bus, Close> bus_;
};

}  // namespace cloister::cli::machine
