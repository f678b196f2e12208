#include "audit/probes/files/file_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "audit/probes/system/accounts.h"

namespace cloister::audit::probes {
namespace {

// What holds no files of ours: the kernel's own, and what lies on other machines or media.
constexpr std::array<std::uint32_t, 21> kForeign{
    PROC_SUPER_MAGIC,  SYSFS_MAGIC,        CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, DEVPTS_SUPER_MAGIC,
    DEBUGFS_MAGIC,     TRACEFS_MAGIC,      SECURITYFS_MAGIC,   BPF_FS_MAGIC,        PSTOREFS_MAGIC,
    EFIVARFS_MAGIC,    NFS_SUPER_MAGIC,    SMB_SUPER_MAGIC,    CIFS_SUPER_MAGIC,    SMB2_SUPER_MAGIC,
    FUSE_SUPER_MAGIC,  AUTOFS_SUPER_MAGIC, HUGETLBFS_MAGIC,    NSFS_MAGIC,          ISOFS_SUPER_MAGIC,
    MSDOS_SUPER_MAGIC,
};
constexpr std::array<std::string_view, 3> kNever{"/proc", "/sys", "/dev"};
constexpr std::size_t kDeepest = 200;

// Users that systemd invents for a service; their state lies in folders named private.
constexpr uid_t kFirstDynamic = 61184;
constexpr uid_t kLastDynamic = 65519;
bool is_dynamic(const std::string& path, std::uint32_t id) {
  return id >= kFirstDynamic && id <= kLastDynamic &&
         (path.find("/private/") != std::string::npos || path.starts_with("/run/"));
}

class Walker {
public:
  explicit Walker(const System& system) {
    for (const User& user : accounts_of(system).users) uids_.insert(user.uid);
    for (const Group& group : accounts_of(system).groups) gids_.insert(group.gid);
  }

  // Takes the descriptor. `device` is that of the folder above.
  void enter(int folder, const std::string& path, dev_t device, bool may_gain_rights, std::size_t depth) {
    struct stat status {};
    DIR* stream = fdopendir(folder);
    if (stream == nullptr || fstat(folder, &status) != 0) {
      if (stream == nullptr) close(folder);
      if (stream != nullptr) closedir(stream);
      walk_.unreadable.push_back(path);
      return;
    }
    bool inside = true;
    if (status.st_dev != device || depth == 0) inside = look_at_filesystem(folder, may_gain_rights);
    for (const dirent* entry = inside ? readdir(stream) : nullptr; entry != nullptr; entry = readdir(stream))
      if (const std::string_view name = entry->d_name; name != "." && name != "..")
        look_at(folder, path, entry->d_name, status.st_dev, may_gain_rights, depth);
    closedir(stream);
  }

  FileWalk take() { return std::move(walk_); }

private:
  static bool look_at_filesystem(int folder, bool& may_gain_rights) {
    struct statfs filesystem {};
    struct statvfs flags {};
    if (fstatfs(folder, &filesystem) != 0 || fstatvfs(folder, &flags) != 0) return false;
    may_gain_rights = (flags.f_flag & (ST_NOSUID | ST_NOEXEC)) == 0;
    return std::ranges::find(kForeign, static_cast<std::uint32_t>(filesystem.f_type)) == kForeign.end();
  }

  void look_at(int folder, const std::string& above, const char* name, dev_t device, bool may_gain_rights,
               std::size_t depth) {
    struct stat status {};
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return;  // gone meanwhile
    ++walk_.seen;
    const std::string path = above + "/" + name;
    keep(path, status, may_gain_rights);
    if (!S_ISDIR(status.st_mode) || depth >= kDeepest || std::ranges::find(kNever, path) != kNever.end())
      return;
    const int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (inner >= 0)
      enter(inner, path, device, may_gain_rights, depth + 1);
    else if (errno != ENOENT)
      walk_.unreadable.push_back(path);
  }

  void keep(const std::string& path, const struct stat& status, bool may_gain_rights) {
    const bool regular = S_ISREG(status.st_mode);
    const bool folder = S_ISDIR(status.st_mode);
    const bool no_user = !uids_.contains(status.st_uid) && !is_dynamic(path, status.st_uid);
    const bool no_group = !gids_.contains(status.st_gid) && !is_dynamic(path, status.st_gid);
    const bool open = (status.st_mode & S_IWOTH) != 0;
    const bool sticky = (status.st_mode & S_ISVTX) != 0;
    const auto add = [&](std::vector<WalkedFile>& list) {
      FileStatus kept;
      kept.type = folder    ? FileStatus::Type::directory
                  : regular ? FileStatus::Type::regular
                            : FileStatus::Type::other;
      kept.mode = status.st_mode & 07777U;
      kept.uid = status.st_uid;
      kept.gid = status.st_gid;
      list.push_back({path, kept, may_gain_rights});
    };
    if (regular && open) add(walk_.open_files);
    if (folder && open && !sticky) add(walk_.open_folders);
    if ((regular || folder) && (no_user || no_group)) add(walk_.unowned);
    if (regular && (status.st_mode & (S_ISUID | S_ISGID)) != 0) add(walk_.privileged);
  }

  std::set<uid_t> uids_;
  std::set<gid_t> gids_;
  FileWalk walk_;
};

FileWalk walk_now(const System& system) {
  Walker walker(system);
  const int root = openat(system.root(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (root >= 0) walker.enter(root, "", 0, true, 0);
  FileWalk walk = walker.take();
  if (root < 0) walk.unreadable.emplace_back("/");
  for (auto* list : {&walk.open_files, &walk.open_folders, &walk.unowned, &walk.privileged})
    std::ranges::sort(*list, {}, &WalkedFile::path);
  return walk;
}

}  // namespace

const FileWalk& walk_files(const System& system) {
  return system.remember<FileWalk>("file walk", [&] { return walk_now(system); });
}

}  // namespace cloister::audit::probes
