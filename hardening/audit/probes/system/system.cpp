#include "audit/probes/system/system.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <utility>

namespace cloister::audit::probes {
namespace {

FileError last_error(const std::string& path) {
  return {
      {errno, std::generic_category()},
      path
  };
}
FileError error_of(std::errc code, const std::string& path) { return {std::make_error_code(code), path}; }

class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

private:
  int number_;
};

FileStatus status_of(const struct stat& from) {
  FileStatus out;
  if (S_ISREG(from.st_mode)) out.type = FileStatus::Type::regular;
  if (S_ISDIR(from.st_mode)) out.type = FileStatus::Type::directory;
  if (S_ISLNK(from.st_mode)) out.type = FileStatus::Type::link;
  out.mode = from.st_mode & 07777U;
  out.uid = from.st_uid;
  out.gid = from.st_gid;
  out.size = static_cast<std::uint64_t>(from.st_size);
  out.modified = from.st_mtim.tv_sec;
  return out;
}

}  // namespace

bool FileError::absent() const {
  return code == std::errc::no_such_file_or_directory || code == std::errc::not_a_directory;
}

model::Observation observation_of(const FileError& error) {
  if (error.absent()) return {.state = model::State::absent, .facts = {}, .note = {}};
  return {.state = model::State::unreadable,
          .facts = {},
          .note = fmt::format("{}: {}", error.path, error.code.message())};
}

std::string FileStatus::mode_text() const { return fmt::format("{:04o}", mode); }

System::System(int root, bool live, Doors doors) : root_(root), live_(live), doors_(std::move(doors)) {}

System::System(System&& other) noexcept { *this = std::move(other); }

System& System::operator=(System&& other) noexcept {
  std::swap(root_, other.root_);
  live_ = other.live_;
  doors_ = std::move(other.doors_);
  contents_ = std::move(other.contents_);
  remembered_ = std::move(other.remembered_);
  return *this;
}

System::~System() {
  if (root_ >= 0) close(root_);
}

Result<System, FileError> System::open(const std::string& root, bool live, Doors doors) {
  const int folder = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return fail(last_error(root));
  return System(folder, live, std::move(doors));
}

Result<System, FileError> System::at(const std::string& root) { return open(root, false, {}); }

Result<System, FileError> System::running(const std::string& root, Doors doors) {
  return open(root, true, std::move(doors));
}

// RESOLVE_IN_ROOT: links, ".." and absolute targets stay below the root, as if it were "/" (openat2(2)).
Result<int, FileError> System::open_inside(const std::string& path, int flags) const {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT;
  const long opened = syscall(SYS_openat2, root_, path.c_str(), &how, sizeof how);
  if (opened < 0) return fail(last_error(path));
  return static_cast<int>(opened);
}

Result<std::string, FileError> System::read_now(const std::string& path, std::size_t limit) const {
  {  // To open a device or a pipe may do something: its kind is asked first.
    const auto place = open_inside(path, O_PATH);
    if (!place) return fail(place.error());
    const Descriptor held(*place);
    struct stat status {};
    if (fstat(held.number(), &status) != 0) return fail(last_error(path));
    if (!S_ISREG(status.st_mode)) return fail(error_of(std::errc::invalid_argument, path));
  }
  const auto opened = open_inside(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (!opened) return fail(opened.error());
  const Descriptor file(*opened);
  std::string content;
  for (char part[16 * 1024];;) {
    const ssize_t got = ::read(file.number(), part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail(last_error(path));
    if (got == 0) return content;
    content.append(part, static_cast<std::size_t>(got));
    if (content.size() > limit) return fail(error_of(std::errc::file_too_large, path));
  }
}

Result<std::string_view, FileError> System::read_file(const std::string& path, std::size_t limit) const {
  auto found = contents_.find(path);
  const bool was_too_long = found != contents_.end() && !found->second &&
                            found->second.error().code == std::errc::file_too_large && limit > kUsualLimit;
  if (found == contents_.end() || was_too_long)
    found = contents_.insert_or_assign(path, read_now(path, limit)).first;
  if (!found->second) return fail(found->second.error());
  return std::string_view(*found->second);
}

Result<std::vector<std::string>, FileError> System::list(const std::string& path) const {
  using Listing = Result<std::vector<std::string>, FileError>;
  return remember<Listing>("listing of " + path, [&]() -> Listing {
    const auto opened = open_inside(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
    if (!opened) return fail(opened.error());
    DIR* const folder = fdopendir(*opened);
    if (folder == nullptr) return fail(last_error(path));
    std::vector<std::string> names;
    while (const dirent* entry = readdir(folder))
      if (const std::string_view name = entry->d_name; name != "." && name != "..") names.emplace_back(name);
    closedir(folder);
    std::ranges::sort(names);
    return names;
  });
}

Result<FileStatus, FileError> System::stat(const std::string& path, Follow follow) const {
  const auto place = open_inside(path, O_PATH | (follow == Follow::no ? O_NOFOLLOW : 0));
  if (!place) return fail(place.error());
  const Descriptor held(*place);
  struct stat status {};
  if (fstat(held.number(), &status) != 0) return fail(last_error(path));
  return status_of(status);
}

Result<std::string, FileError> System::read_link(const std::string& path) const {
  const auto place = open_inside(path, O_PATH | O_NOFOLLOW);
  if (!place) return fail(place.error());
  const Descriptor held(*place);
  char target[PATH_MAX];
  const ssize_t length = readlinkat(held.number(), "", target, sizeof target);
  if (length < 0) return fail(last_error(path));
  return std::string(target, static_cast<std::size_t>(length));
}

}  // namespace cloister::audit::probes
