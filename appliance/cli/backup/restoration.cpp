#include "cli/backup/restoration.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "cli/backup/files.h"
#include "sqlite/database_copy.h"

namespace cloister::cli::backup {
namespace {

namespace fs = std::filesystem;
using Change = Step::Change;

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }
std::string sentence(const std::string& path, const SystemError& error) {
  return fmt::format("{}: {}: {}.", path, error.doing, error.code.message());
}

bool below(const std::string& path, const std::string& folder) {
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

bool allowed(const Entry& entry, const machine::BackupSettings& where) {
  if (entry.kind == Entry::Kind::database)
    return std::ranges::find(where.databases, entry.path) != where.databases.end();
  const auto holds = [&entry](const std::string& folder) { return below(entry.path, folder); };
  return std::ranges::any_of(where.paths, holds);
}

// Owner and mode; without root's rights whoever restores is the owner.
Result<void, std::string> dress(const std::string& path, const Entry& like) {
  if (geteuid() == 0) {
    const passwd* const user = getpwnam(like.owner.c_str());
    const group* const found = getgrnam(like.group.c_str());
    if (user == nullptr || found == nullptr)
      return fail(
          fmt::format("{} belongs to {}:{}, whom this machine does not know: install the services first.",
                      like.path, like.owner, like.group));
    if (lchown(path.c_str(), user->pw_uid, found->gr_gid) != 0)
      return fail(fmt::format("{}: {}.", path, reason()));
  }
  if (like.kind != Entry::Kind::link && chmod(path.c_str(), like.mode) != 0)
    return fail(fmt::format("{}: {}.", path, reason()));
  return {};
}

Result<void, std::string> rename_over(const std::string& from, const std::string& to) {
  if (rename(from.c_str(), to.c_str()) == 0) return {};
  return fail(fmt::format("{}: {}.", to, reason()));
}

// A new file or link beside its place, ready to be renamed into it.
Result<std::string, std::string> stage(const Entry& entry) {
  if (entry.kind == Entry::Kind::link) {
    std::string beside = fmt::format("{}.new-{}", entry.path, getpid());
    if (symlink(entry.content.c_str(), beside.c_str()) != 0)
      return fail(fmt::format("{}: {}.", beside, reason()));
    return beside;
  }
  return write_beside(entry.path, entry.content);
}

Result<void, std::string> put(const Entry& entry) {
  if (entry.kind == Entry::Kind::folder) {
    if (mkdir(entry.path.c_str(), 0700) != 0 && errno != EEXIST)
      return fail(fmt::format("{}: {}.", entry.path, reason()));
    return dress(entry.path, entry);
  }
  const auto staged = stage(entry);
  if (!staged) return fail(staged.error());
  auto done = dress(*staged, entry);
  const bool into_a_live_one = entry.kind == Entry::Kind::database && fs::exists(entry.path);
  if (done && into_a_live_one) {
    const auto copied = sqlite::copy_database(*staged, entry.path);
    if (!copied) done = fail(sentence(entry.path, copied.error()));
  } else if (done) {
    done = rename_over(*staged, entry.path);
  }
  if (!done || into_a_live_one) unlink(staged->c_str());
  return done;
}

Result<void, std::string> keep(const Entry& entry, const std::string& folder) {
  const auto now = entry_at(entry.path, entry.kind);
  if (!now) return fail(now.error());
  if (!*now || entry.kind == Entry::Kind::folder) return {};
  const std::string copy = folder + entry.path;
  std::error_code failed;
  fs::create_directories(fs::path(copy).parent_path(), failed);
  if (failed) return fail(fmt::format("{}: {}.", copy, failed.message()));
  if (entry.kind == Entry::Kind::link) {
    fs::create_symlink((*now)->content, copy, failed);
    if (failed) return fail(fmt::format("{}: {}.", copy, failed.message()));
    return {};
  }
  if (const auto written = write_new(copy, (*now)->content); !written) return written;
  return dress(copy, **now);
}

Result<void, std::string> check_whole(const Entry& database) {
  const auto beside =
      write_beside((fs::temp_directory_path() / "cloister-restore").string(), database.content);
  if (!beside) return fail(beside.error());
  const auto good = sqlite::check_database(*beside);
  for (const char* part : {"", "-wal", "-shm", "-journal"}) unlink((*beside + part).c_str());
  if (!good)
    return fail(fmt::format("The backup's {} is no whole database: nothing was changed.", database.path));
  return {};
}

}  // namespace

Result<std::vector<Step>, std::string> plan_restoration(const Archive& archive,
                                                        const machine::BackupSettings& where) {
  std::vector<Step> out;
  for (const Entry& entry : archive.entries) {
    if (!allowed(entry, where))
      return fail(fmt::format(
          "The backup holds {}, which is no operator's data here (backup in cloister.yaml): nothing "
          "was changed.",
          entry.path));
    if (entry.kind == Entry::Kind::database)
      if (const auto whole = check_whole(entry); !whole) return fail(whole.error());
    const auto now = entry_at(entry.path, entry.kind);
    if (!now) return fail(now.error());
    const bool same = *now && (entry.kind == Entry::Kind::folder || **now == entry);
    out.push_back({entry, same ? Change::none : *now ? Change::replaced : Change::made});
  }
  return out;
}

Result<void, std::string> restore(const std::vector<Step>& steps, const std::string& kept) {
  std::error_code failed;
  fs::create_directories(fs::path(kept).parent_path(), failed);
  if (mkdir(kept.c_str(), 0700) != 0)
    return fail(fmt::format("{}: {}. Nothing was changed.", kept, reason()));
  for (const Step& step : steps)
    if (step.change == Change::replaced)
      if (const auto done = keep(step.entry, kept); !done)
        return fail(done.error() + " Nothing was changed.");
  for (const Step& step : steps)
    if (step.change != Change::none)
      if (const auto done = put(step.entry); !done)
        return fail(fmt::format("{} What was replaced until then is in {}.", done.error(), kept));
  return {};
}

}  // namespace cloister::cli::backup
