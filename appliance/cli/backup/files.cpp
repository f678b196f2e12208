#include "cli/backup/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <fnmatch.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/random.h"
#include "net/udp_socket.h"
#include "sqlite/database_copy.h"

namespace cloister::cli::backup {
namespace {

namespace fs = std::filesystem;
using net::FileDescriptor;

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }
auto refuse(const std::string& path) { return fail(fmt::format("{}: {}.", path, reason())); }

std::string user_name(uid_t number) {
  const passwd* const user = getpwuid(number);
  return user != nullptr ? user->pw_name : "root";
}
std::string group_name(gid_t number) {
  const group* const found = getgrgid(number);
  return found != nullptr ? found->gr_name : "root";
}

Result<void, std::string> write_all(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refuse(path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(fd) != 0) return refuse(path);
  return {};
}

void sync_folder_of(const std::string& path) {
  const FileDescriptor folder(open(fs::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  fsync(folder.get());
}

// Its content as of one moment, by a copy that is gone at the end.
Result<std::string, std::string> read_database(const std::string& path) {
  std::string folder = (fs::temp_directory_path() / "cloister-backup-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return refuse(folder);  // mode 0700
  const std::string copy = folder + "/copy";
  const auto copied = sqlite::copy_database(path, copy);
  auto content = copied ? read_whole(copy)
                        : Result<std::string, std::string>(fail(fmt::format(
                              "{}: {}: {}.", path, copied.error().doing, copied.error().code.message())));
  std::error_code ignored;
  fs::remove_all(folder, ignored);
  return content;
}

Result<std::string, std::string> content_of(const std::string& path, Entry::Kind kind) {
  switch (kind) {
    case Entry::Kind::file: return read_whole(path);
    case Entry::Kind::database: return read_database(path);
    case Entry::Kind::folder: return std::string();
    case Entry::Kind::link: break;
  }
  std::array<char, 256> target{};
  const ssize_t length = readlink(path.c_str(), target.data(), target.size());
  if (length < 0) return refuse(path);
  return std::string(target.data(), static_cast<std::size_t>(length));
}

std::optional<Entry::Kind> kind_of(const struct stat& about) {
  if (S_ISREG(about.st_mode)) return Entry::Kind::file;
  if (S_ISDIR(about.st_mode)) return Entry::Kind::folder;
  if (S_ISLNK(about.st_mode)) return Entry::Kind::link;
  return std::nullopt;
}

Result<Entry, std::string> make_entry(const std::string& path, const struct stat& about, Entry::Kind kind) {
  auto content = content_of(path, kind);
  if (!content) return fail(content.error());
  return Entry{.kind = kind,
               .mode = static_cast<std::uint16_t>(about.st_mode & 07777U),
               .owner = user_name(about.st_uid),
               .group = group_name(about.st_gid),
               .path = path,
               .content = std::move(*content)};
}

class Collection {
public:
  explicit Collection(const machine::BackupSettings& what) : what_(what) {}

  Result<std::vector<Entry>, std::string> run() {
    for (const std::string& path : what_.paths)
      if (const auto added = add_tree(path); !added) return fail(added.error());
    for (const std::string& path : what_.databases)
      if (const auto added = add(path, Entry::Kind::database); !added) return fail(added.error());
    if (out_.size() > kMostEntries) return fail(fmt::format("There are more than {} files.", kMostEntries));
    return std::move(out_);
  }

private:
  bool left_out(const std::string& path) const {
    const auto fits = [&path](const std::string& pattern) {
      return fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
    };
    return std::ranges::any_of(what_.without, fits) ||
           std::ranges::find(what_.databases, path) != what_.databases.end();
  }
  // What is not there is no fault: a part of the product that is not installed.
  Result<void, std::string> add(const std::string& path, Entry::Kind kind) {
    auto entry = entry_at(path, kind);
    if (!entry) return fail(entry.error());
    if (!*entry) return {};
    bytes_ += (*entry)->content.size();
    if (bytes_ > kMostBytes)
      return fail(fmt::format("There are more than {} MB to keep.", kMostBytes >> 20U));
    out_.push_back(std::move(**entry));
    return {};
  }
  Result<void, std::string> add_tree(const std::string& path) {
    if (left_out(path)) return {};
    struct stat about {};
    if (lstat(path.c_str(), &about) != 0) {
      if (errno == ENOENT) return {};
      return refuse(path);
    }
    const auto kind = kind_of(about);
    if (!kind) return {};  // sockets and the like are made anew
    if (const auto added = add(path, *kind); !added || *kind != Entry::Kind::folder) return added;
    std::vector<std::string> names;
    std::error_code failed;
    for (const auto& one : fs::directory_iterator(path, failed)) names.push_back(one.path().string());
    if (failed) return fail(fmt::format("{}: {}.", path, failed.message()));
    std::ranges::sort(names);
    for (const std::string& name : names)
      if (const auto added = add_tree(name); !added) return added;
    return {};
  }

  const machine::BackupSettings& what_;
  std::vector<Entry> out_;
  std::size_t bytes_ = 0;
};

}  // namespace

Result<std::string, std::string> read_whole(const std::string& path) {
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (file.get() < 0 || fstat(file.get(), &about) != 0) return refuse(path);
  if (!S_ISREG(about.st_mode)) return fail(fmt::format("{} is no file.", path));
  if (static_cast<std::uint64_t>(about.st_size) > kMostBytes + (std::size_t{1} << 20U))
    return fail(fmt::format("{} is too large for a backup.", path));
  std::string out(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t count = read(file.get(), out.data() + done, out.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refuse(path);
    if (count == 0) break;  // it was cut meanwhile
    done += static_cast<std::size_t>(count);
  }
  out.resize(done);
  return out;
}

Result<std::string, std::string> write_beside(const std::string& path, std::string_view content) {
  const std::string name = fmt::format("{}.new-{}", path, random_token(8));
  const FileDescriptor file(open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (file.get() < 0) return refuse(name);
  const auto written = write_all(file.get(), content, name);
  if (written) return name;
  unlink(name.c_str());
  return fail(written.error());
}

Result<void, std::string> write_new(const std::string& path, std::string_view content) {
  if (fs::exists(fs::symlink_status(path)))
    return fail(fmt::format("There is a {} already: choose another name.", path));
  const auto beside = write_beside(path, content);
  if (!beside) return fail(beside.error());
  const int renamed = renameat2(AT_FDCWD, beside->c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE);
  const auto failed = refuse(path);
  if (renamed != 0) {
    unlink(beside->c_str());
    return failed;
  }
  sync_folder_of(path);
  return {};
}

Result<std::optional<Entry>, std::string> entry_at(const std::string& path, Entry::Kind kind) {
  struct stat about {};
  if (lstat(path.c_str(), &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    return refuse(path);
  }
  const auto there = kind_of(about);
  const Entry::Kind wanted = kind == Entry::Kind::database ? Entry::Kind::file : kind;
  if (!there || *there != wanted)
    return fail(fmt::format("{} is there, and something of another kind.", path));
  auto entry = make_entry(path, about, kind);
  if (!entry) return fail(entry.error());
  return std::optional(std::move(*entry));
}

Result<std::vector<Entry>, std::string> collect(const machine::BackupSettings& what) {
  return Collection(what).run();
}

}  // namespace cloister::cli::backup
