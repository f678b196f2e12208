#include "cli/machine/units.h"

#include <systemd/sd-bus.h>
#include <unistd.h>

#include <cstdlib>

namespace cloister::cli::machine {
namespace {

constexpr const char* kSystemd = "org.freedesktop.systemd1";
constexpr const char* kUnit = "org.freedesktop.systemd1.Unit";
constexpr const char* kService = "org.freedesktop.systemd1.Service";
constexpr std::uint64_t kPatienceMicroseconds = 5'000'000;

SystemError error_of(int negative, const char* doing) {
  return {
      {-negative, std::generic_category()},
      doing
  };
}

Result<sd_bus*, SystemError> open_private() {
  sd_bus* bus = nullptr;
  if (const int error = sd_bus_new(&bus); error < 0) return fail(error_of(error, "asking systemd"));
  int error = sd_bus_set_address(bus, "unix:path=/run/systemd/private");
  if (error >= 0) error = sd_bus_start(bus);
  if (error >= 0) return bus;
  sd_bus_unref(bus);
  return fail(error_of(error, "asking systemd"));
}

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};

Result<std::string, SystemError> read_text(sd_bus* bus, const std::string& path, const char* interface,
                                           const char* property) {
  char* text = nullptr;
  const int error =
      sd_bus_get_property_string(bus, kSystemd, path.c_str(), interface, property, nullptr, &text);
  const std::unique_ptr<char, FreeText> owned(text);
  if (error < 0) return fail(error_of(error, "asking systemd about a unit"));
  return std::string(text);
}

template <class T>
Result<T, SystemError> read_number(sd_bus* bus, const std::string& path, const char* interface,
                                   const char* property, char type) {
  T number{};
  const int error =
      sd_bus_get_property_trivial(bus, kSystemd, path.c_str(), interface, property, nullptr, type, &number);
  if (error < 0) return fail(error_of(error, "asking systemd about a unit"));
  return number;
}

}  // namespace

void Units::Close::operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }

Result<Units, SystemError> Units::connect() {
  if (geteuid() == 0)
    if (const auto bus = open_private()) return Units(*bus);
  sd_bus* bus = nullptr;
  if (const int error = sd_bus_open_system(&bus); error < 0)
    return fail(error_of(error, "asking systemd over the system's bus"));
  sd_bus_set_method_call_timeout(bus, kPatienceMicroseconds);
  return Units(bus);
}

Result<std::string, SystemError> Units::path_of(const std::string& unit) const {
  const std::string name = unit.find('.') == std::string::npos ? unit + ".service" : unit;
  sd_bus_message* answer = nullptr;
  const int called =
      sd_bus_call_method(bus_.get(), kSystemd, "/org/freedesktop/systemd1",
                         "org.freedesktop.systemd1.Manager", "LoadUnit", nullptr, &answer, "s", name.c_str());
  const std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)> owned(answer, sd_bus_message_unref);
  if (called < 0) return fail(error_of(called, "asking systemd for a unit"));
  const char* path = nullptr;
  if (const int error = sd_bus_message_read(answer, "o", &path); error < 0)
    return fail(error_of(error, "reading systemd's answer"));
  return std::string(path);
}

Result<UnitState, SystemError> Units::state(const std::string& unit) const {
  const auto path = path_of(unit);
  if (!path) return fail(path.error());
  const auto load = read_text(bus_.get(), *path, kUnit, "LoadState");
  if (!load) return fail(load.error());
  const auto active = read_text(bus_.get(), *path, kUnit, "ActiveState");
  if (!active) return fail(active.error());
  UnitState out{.load = *load, .active = *active, .since = {}, .restarts = 0};
  const auto since = read_number<std::uint64_t>(bus_.get(), *path, kUnit, "StateChangeTimestamp", 't');
  if (since) out.since += std::chrono::microseconds(*since);
  // Only services have it.
  const auto restarts = read_number<std::uint32_t>(bus_.get(), *path, kService, "NRestarts", 'u');
  if (restarts) out.restarts = *restarts;
  return out;
}

Result<std::string, SystemError> Units::text(const std::string& unit, const char* property) const {
  const auto path = path_of(unit);
  if (!path) return fail(path.error());
  return read_text(bus_.get(), *path, kService, property);
}

Result<std::uint64_t, SystemError> Units::number(const std::string& unit, const char* property) const {
  const auto path = path_of(unit);
  if (!path) return fail(path.error());
  return read_number<std::uint64_t>(bus_.get(), *path, kService, property, 't');
}

}  // namespace cloister::cli::machine
