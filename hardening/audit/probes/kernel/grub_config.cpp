#include "audit/probes/kernel/grub_config.h"

#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {

std::vector<BootEntry> parse_grub(std::string_view text) {
  std::vector<BootEntry> entries;
  for (const Line& line : lines_of(text)) {
    const auto words = words_of(line.text);
    if (words.size() < 2 || (words[0] != "linux" && words[0] != "linux16" && words[0] != "linuxefi"))
      continue;
    BootEntry entry{line.number, {}};
    for (std::size_t i = 2; i < words.size(); ++i)
      entry.parameters += (i == 2 ? "" : " ") + std::string(words[i]);
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace cloister::audit::probes
