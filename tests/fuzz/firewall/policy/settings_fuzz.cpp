// Any bytes as the firewall's settings; what is accepted must be possible to turn into rules and words.
#include <sys/mman.h>
#include <unistd.h>

#include "firewall/policy/settings.h"
#include "firewall/policy/wanted.h"
#include "firewall/policy/words.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::firewall::policy;
  if (size > 4096) return 0;  // yaml-cpp is slow on what nobody writes
  static const int file = memfd_create("settings", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) return 0;
  const auto user = [](const std::string& name) {
    return std::optional(static_cast<std::uint32_t>(name.size()));
  };
  const auto settings = load_settings(path, user);
  if (!settings) return 0;
  for (const Chain& chain : wanted_rules(*settings).chains)
    for (const Rule& rule : chain.rules)
      (void)in_words(rule, [](std::uint32_t number) { return std::to_string(number); });
  return 0;
}
