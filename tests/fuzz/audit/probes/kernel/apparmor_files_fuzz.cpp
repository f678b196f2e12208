// Profiles: a program is compared with any pattern without running away.
#include "audit/probes/kernel/apparmor_files.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)parse_profiles(text);
  for (const ProfileText& profile : parse_profile_file(text)) {
    ASSERT(!profile.mode.empty());
    (void)attaches(profile.attachment, "/usr/lib/cloister/a-program");
  }
  return 0;
}
