// mountinfo and fstab: each point once.
#include "audit/probes/software/mount_table.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& mounts : {parse_mountinfo(text), parse_fstab(text)})
    for (const Mount& mount : mounts) {
      ASSERT(find_mount(mounts, mount.point) == &mount);
      ASSERT(mount_unit_name(mount.point).ends_with(".mount"));
    }
  return 0;
}
