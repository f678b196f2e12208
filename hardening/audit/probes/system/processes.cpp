#include "audit/probes/system/processes.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace cloister::audit::probes {
namespace {

std::optional<int> process_id(const std::string& name) {
  int id = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return id;
}

std::optional<Process> read_process(const System& system, int id) {
  const std::string folder = "/proc/" + std::to_string(id);
  const auto name = system.read_file(folder + "/comm");
  const auto status = system.stat(folder);    // its owner is the effective user
  if (!name || !status) return std::nullopt;  // gone meanwhile
  Process process{id, std::string(name->substr(0, name->find('\n'))), status->uid, {}};
  if (const auto program = system.read_link(folder + "/exe"); program) process.program = *program;
  return process;
}

}  // namespace

const std::vector<Process>& running_processes(const System& system) {
  return system.remember<std::vector<Process>>("processes", [&] {
    std::vector<Process> all;
    const auto names = system.is_live() ? system.list("/proc") : fail(FileError{});
    if (!names) return all;
    for (const std::string& name : *names)
      if (const auto id = process_id(name); id)
        if (auto process = read_process(system, *id); process) all.push_back(std::move(*process));
    std::ranges::sort(all, {}, &Process::id);
    return all;
  });
}

}  // namespace cloister::audit::probes
