#include "audit/probes/kernel/modprobe_files.h"

#include <algorithm>

#include "audit/probes/files/paths.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

constexpr std::size_t kLargestList = 16 * 1024 * 1024;

bool does_nothing(std::string_view command) {
  const std::string_view program = command.substr(command.rfind('/') + 1);
  return program == "false" || program == "true";
}

void read_kernels(const System& system, KernelModules& modules) {
  std::set<std::string> unused;
  for (const char* const folder : {"/lib/modules", "/usr/lib/modules"}) {
    const auto kernels = system.list(folder);
    if (!kernels) continue;
    for (const std::string& kernel : *kernels) {
      const std::string path = std::string(folder) + "/" + kernel;
      if (const auto list = system.read_file(path + "/modules.dep", kLargestList); list) {
        modules.any_kernel = true;
        parse_module_list(*list, modules.on_disk, modules.filesystems);
      }
      if (const auto list = system.read_file(path + "/modules.builtin", kLargestList); list)
        parse_module_list(*list, modules.builtin, unused);
    }
  }
}

void read_running(const System& system, KernelModules& modules) {
  if (const auto loaded = system.read_file("/proc/modules"); loaded)
    for (const Line& line : lines_of(*loaded, ""))
      modules.loaded.insert(module_name(words_of(line.text).front()));
  if (const auto known = system.read_file("/proc/filesystems"); known)
    for (const Line& line : lines_of(*known, ""))
      modules.known_filesystems.insert(module_name(words_of(line.text).back()));
}

}  // namespace

std::string module_name(std::string_view name) {
  std::string plain(name);
  std::ranges::replace(plain, '-', '_');
  return plain;
}

void parse_modprobe(std::string_view text, ModuleRules& rules) {
  for (const Line& line : lines_of(text)) {
    const auto words = words_of(line.text);
    if (words.size() >= 2 && words[0] == "blacklist") rules.blacklisted.insert(module_name(words[1]));
    if (words.size() >= 3 && words[0] == "install" && does_nothing(words[2]))
      rules.refused.insert(module_name(words[1]));
  }
}

void parse_module_list(std::string_view text, std::set<std::string>& names,
                       std::set<std::string>& filesystems) {
  for (const Line& line : lines_of(text)) {
    const std::string_view path = line.text.substr(0, line.text.find(':'));
    const std::string_view file = path.substr(path.rfind('/') + 1);
    const std::size_t end = file.find(".ko");
    if (end == std::string_view::npos) continue;
    const std::string name = module_name(file.substr(0, end));
    names.insert(name);
    if (path.find("kernel/fs/") != std::string_view::npos) filesystems.insert(name);
  }
}

const KernelModules& kernel_modules(const System& system) {
  return system.remember<KernelModules>("modules", [&] {
    KernelModules modules;
    read_kernels(system, modules);
    if (system.is_live()) read_running(system, modules);
    for (const std::string& path :
         merged_folders(system,
                        {"/etc/modprobe.d", "/run/modprobe.d", "/usr/local/lib/modprobe.d",
                         "/usr/lib/modprobe.d", "/lib/modprobe.d"},
                        ".conf"))
      if (const auto text = system.read_file(path); text) parse_modprobe(*text, modules.rules);
    return modules;
  });
}

}  // namespace cloister::audit::probes
