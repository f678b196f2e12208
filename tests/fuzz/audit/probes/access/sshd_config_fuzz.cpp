#include <cstddef>
#include <cstdint>

#include "audit/probes/access/sshd_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  SshdConfig config;
  for (const SshdLine& line : parse_sshd_config(text))
    config.settings.push_back({line.keyword, line.arguments, "", ""});
  for (const SshdSetting& setting : config.settings)
    static_cast<void>(effective_sshd(config, setting.keyword));
  return 0;
}
