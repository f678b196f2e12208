// Which kernel modules are there, which are loaded, and what modprobe.d(5) lets be loaded.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// Names with underscores, as the kernel writes them: "usb-storage" → "usb_storage".
std::string module_name(std::string_view name);

struct ModuleRules {
  std::set<std::string> refused;      // an install line to false or true
  std::set<std::string> blacklisted;  // not loaded by an alias
};
void parse_modprobe(std::string_view text, ModuleRules& rules);

struct KernelModules {
  bool any_kernel = false;  // a kernel with modules is installed
  std::set<std::string> on_disk;
  std::set<std::string> filesystems;        // of these the ones below kernel/fs
  std::set<std::string> builtin;            // of any installed kernel
  std::set<std::string> loaded;             // empty when the system does not run
  std::set<std::string> known_filesystems;  // /proc/filesystems: what the kernel can mount right now
  ModuleRules rules;
};

// modules.dep(5) and modules.builtin of one kernel: "kernel/fs/udf/udf.ko: …"
void parse_module_list(std::string_view text, std::set<std::string>& names,
                       std::set<std::string>& filesystems);

// Read once per run.
const KernelModules& kernel_modules(const System& system);

}  // namespace cloister::audit::probes
