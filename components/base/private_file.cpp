#include "base/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace cloister {
namespace {

SystemError failure(const char* doing) {
  return {
      {errno, std::generic_category()},
      doing
  };
}

}  // namespace

Result<void, SystemError> require_private(const std::string& path) {
  struct stat about {};
  if (stat(path.c_str(), &about) != 0) return fail(failure("looking for a file of secrets"));
  constexpr mode_t kTooMuch = S_IWGRP | S_IXGRP | S_IRWXO;
  if ((about.st_mode & kTooMuch) == 0) return {};
  return fail(SystemError{std::make_error_code(std::errc::permission_denied),
                          "a file of secrets is open to others (its mode may be 0600 or 0640)"});
}

Result<void, SystemError> write_private(const std::string& path, std::string_view content) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return fail(failure("making a file of secrets"));
  const bool written =
      write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && fsync(file) == 0;
  const SystemError error = failure("writing a file of secrets");
  close(file);
  if (written) return {};
  unlink(path.c_str());
  return fail(error);
}

Result<void, SystemError> share_with_group_of(const std::string& folder, const std::string& path) {
  struct stat about {};
  if (stat(folder.c_str(), &about) != 0) return fail(failure("looking for the folder of the database"));
  if (chown(path.c_str(), geteuid(), about.st_gid) != 0 ||
      chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP) != 0)
    return fail(failure("sharing a file of secrets with the gate"));
  return {};
}

}  // namespace cloister
