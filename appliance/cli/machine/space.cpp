#include "cli/machine/space.h"

#include <fmt/core.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <fstream>

namespace cloister::cli::machine {

Result<Space, SystemError> disk_space(const std::string& path) {
  struct statvfs about {};
  if (statvfs(path.c_str(), &about) != 0)
    return fail(SystemError{
        {errno, std::generic_category()},
        "looking at the disk"
    });
  // What root alone may have counts as used.
  return Space{.total = (about.f_blocks - about.f_bfree + about.f_bavail) * about.f_frsize,
               .free = about.f_bavail * about.f_frsize};
}

Result<Space, SystemError> memory() {
  std::ifstream in("/proc/meminfo");
  Space out;
  std::string name, unit;
  for (std::uint64_t kilobytes = 0; in >> name >> kilobytes; std::getline(in, unit)) {
    if (name == "MemTotal:") out.total = kilobytes * 1024;
    if (name == "MemAvailable:") out.free = kilobytes * 1024;
  }
  if (out.total == 0)
    return fail(
        SystemError{std::make_error_code(std::errc::no_such_file_or_directory), "reading /proc/meminfo"});
  return out;
}

std::string size_text(std::uint64_t bytes) {
  constexpr double kThousand = 1000;
  const auto size = static_cast<double>(bytes);
  if (size >= kThousand * kThousand * kThousand) return fmt::format("{:.1f} GB", size / 1e9);
  return fmt::format("{:.0f} MB", size / 1e6);
}

}  // namespace cloister::cli::machine
