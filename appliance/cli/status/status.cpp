#include "cli/status/status.h"

#include <fmt/core.h>

#include <algorithm>

namespace cloister::cli::status {
namespace {

constexpr std::uint16_t kFocusPort = 8888;
constexpr std::uint16_t kBridgePort = 9090;

std::string sentence(const SystemError& error) {
  return fmt::format("{}: {}", error.doing, error.code.message());
}

template <class T>
Learned<T> learned(Result<T, SystemError> from) {
  if (!from) return fail(sentence(from.error()));
  return std::move(*from);
}

std::vector<Service> look_at_services(const std::vector<std::string>& names) {
  std::vector<Service> out;
  const auto units = machine::Units::connect();
  for (const std::string& name : names) {
    if (units) {
      out.push_back({name, learned(units->state(name))});
    } else {
      out.push_back({name, fail(sentence(units.error()))});
    }
  }
  return out;
}

Learned<machine::Totals> look_at_meetings(const machine::FileSettings& files) {
  const auto by_focus = machine::http_of(files.focus, kFocusPort);
  std::string why = "the focus: ";
  if (by_focus) {
    auto totals = machine::totals_of_focus(*by_focus);
    if (totals) return totals;
    why += totals.error();
  } else {
    why += by_focus.error();
  }
  const auto by_bridge = machine::http_of(files.bridge, kBridgePort);
  if (!by_bridge) return fail(fmt::format("{}; the bridge: {}", why, by_bridge.error()));
  auto totals = machine::totals_of_bridge(*by_bridge);
  if (totals) return totals;
  return fail(fmt::format("{}; the bridge: {}", why, totals.error()));
}

}  // namespace

bool Status::all_run() const {
  return std::ranges::all_of(services,
                             [](const Service& one) { return one.state && one.state->active == "active"; });
}

Status look(const machine::Installation& installation) {
  return {.services = look_at_services(installation.services),
          .meetings = look_at_meetings(installation.files),
          .certificate = learned(net::read_certificate(installation.files.certificate)),
          .updates = machine::pending_updates(),
          .restart_needed = machine::restart_needed(),
          .disk = learned(machine::disk_space("/")),
          .memory = learned(machine::memory()),
          .now = std::chrono::system_clock::now()};
}

}  // namespace cloister::cli::status
