// modprobe.d and modules.dep: names are as the kernel writes them.
#include "audit/probes/kernel/modprobe_files.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ModuleRules rules;
  parse_modprobe(text, rules);
  std::set<std::string> names;
  std::set<std::string> filesystems;
  parse_module_list(text, names, filesystems);
  for (const std::string& name : names) ASSERT(name.find('-') == std::string::npos);
  for (const std::string& name : rules.refused) ASSERT(name.find('-') == std::string::npos);
  for (const std::string& name : filesystems) ASSERT(names.contains(name));
  return 0;
}
