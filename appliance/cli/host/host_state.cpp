#include "cli/host/host_state.h"

#include <fmt/core.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace cloister::cli::host {
namespace {

std::string sentence(const SystemError& error) {
  const bool denied = error.code == std::errc::permission_denied && geteuid() != 0;
  return fmt::format("{}: {}.{}", error.doing, error.code.message(),
                     denied ? " The accounts belong to the gate's user: run this as root." : "");
}

bool become_owner_of(const std::string& folder) {
  struct stat about {};
  if (stat(folder.c_str(), &about) != 0) return false;
  if (geteuid() != 0 || about.st_uid == 0) return true;
  return setgroups(0, nullptr) == 0 && setresgid(about.st_gid, about.st_gid, about.st_gid) == 0 &&
         setresuid(about.st_uid, about.st_uid, about.st_uid) == 0;
}

}  // namespace

Result<HostState, std::string> open_state(const std::string& settings_file) {
  const auto settings = gate::app::load_settings(settings_file);
  if (!settings)
    return fail(settings.error().problems.front() + (geteuid() != 0 ? " (Run this as root.)" : ""));
  const std::string folder = std::filesystem::path(settings->state.database).parent_path().string();
  if (!become_owner_of(folder))
    return fail(fmt::format("The folder {} is not there, or its owner's rights could not be taken.", folder));
  auto key = gate::secrets::SealingKey::load(settings->state.key_file);
  if (!key) return fail(sentence(key.error()));
  auto accounts = gate::accounts::HostAccounts::open(settings->state.database, std::move(*key));
  if (!accounts) return fail(sentence(accounts.error()));
  return HostState{
      .accounts = std::move(*accounts), .password_cost = settings->password_cost, .issuer = settings->issuer};
}

}  // namespace cloister::cli::host
