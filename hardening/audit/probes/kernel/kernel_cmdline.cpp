#include <fmt/core.h>

#include "audit/probes/kernel/grub_config.h"
#include "audit/probes/kernel/probes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

// BIOS and UEFI as Debian sets them up, and the product's own image.
constexpr const char* kConfigurations[] = {"/boot/grub/grub.cfg", "/boot/efi/EFI/debian/grub.cfg"};

// All parameters, or those that begin with the prefix.
std::string chosen(std::string_view parameters, const std::string& prefix) {
  std::string text;
  for (const std::string_view word : words_of(parameters, " \t\n"))
    if (prefix == "all" || word.starts_with(prefix)) text += (text.empty() ? "" : " ") + std::string(word);
  return text;
}

}  // namespace

model::Observation observe_kernel_cmdline(const System& system, const model::ProbeArguments& arguments) {
  const std::string& prefix = arguments.one();
  Observation seen;
  if (!system.is_live()) {
    seen.state = State::not_running;
  } else {
    const auto running = system.read_file("/proc/cmdline");
    if (!running) return observation_of(running.error());
    seen.facts.push_back({"running", chosen(*running, prefix)});
  }
  bool configured = false;
  for (const char* const path : kConfigurations) {
    const auto text = system.read_file(path);
    if (!text && !text.error().absent()) return observation_of(text.error());
    if (!text) continue;
    for (const BootEntry& entry : parse_grub(*text)) {
      seen.facts.push_back({fmt::format("{}:{}", path, entry.line), chosen(entry.parameters, prefix)});
      configured = true;
    }
  }
  if (!configured) seen.facts.push_back({"configured", "no boot loader configuration"});
  return seen;
}

}  // namespace cloister::audit::probes
