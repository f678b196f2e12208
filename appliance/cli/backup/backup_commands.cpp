#include "cli/backup/backup_commands.h"

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <memory>

#include "cli/backup/files.h"
#include "cli/backup/restoration.h"
#include "cli/backup/sealed.h"
#include "cli/host/console.h"

namespace cloister::cli::backup {
namespace {

using host::ask_line;
using host::at_terminal;
using host::complain;
using host::Echo;

constexpr std::size_t kLeastPassphrase = 12;  // characters: there is no limit on guessing

struct Options {
  std::string settings = machine::kInstallationFile;
  std::string file;
  bool yes = false;
};

Result<machine::Installation, std::string> load(const Options& options) {
  auto installation = machine::load_installation(options.settings);
  if (!installation) return fail(installation.error().problems.front());
  return std::move(*installation);
}

Result<Secret, std::string> ask_new_passphrase() {
  auto typed =
      ask_line("Passphrase of the backup (several words; nobody can open it without): ", Echo::hidden);
  if (!typed)
    return fail(std::string("No passphrase was given: type it, or give it as a line of standard input."));
  if (typed->expose().size() < kLeastPassphrase)
    return fail(
        fmt::format("A passphrase has at least {} characters. Nothing was written.", kLeastPassphrase));
  if (at_terminal() && ask_line("The same again: ", Echo::hidden) != typed)
    return fail(std::string("The two were not the same. Nothing was written."));
  return std::move(*typed);
}

std::string minute(std::int64_t time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(static_cast<std::time_t>(time)));
}

std::int64_t now() { return std::chrono::system_clock::to_time_t(std::chrono::system_clock::now()); }

int back_up(const Options& options) {
  const auto installation = load(options);
  if (!installation) return complain(installation.error());
  const auto passphrase = ask_new_passphrase();
  if (!passphrase) return complain(passphrase.error());
  auto entries = collect(installation->backup);
  if (!entries) return complain(entries.error());
  const auto count =
      std::ranges::count_if(*entries, [](const Entry& one) { return one.kind != Entry::Kind::folder; });
  const Secret content(
      write_archive({.made = now(), .host = installation->open.host, .entries = std::move(*entries)}));
  const auto sealed = seal(*passphrase, content.expose());
  if (!sealed) return complain(in_words(sealed.error()));
  if (const auto written = write_new(options.file, *sealed); !written) return complain(written.error());
  fmt::print("{} files are in {}. Keep it on another machine, and the passphrase elsewhere.\n", count,
             options.file);
  return 0;
}

Result<Archive, std::string> open_backup(const Options& options) {
  const auto file = read_whole(options.file);
  if (!file) return fail(file.error());
  if (const auto good = check_sealed(as_bytes(*file)); !good) return fail(in_words(good.error()));
  const auto passphrase = ask_line("Passphrase of the backup: ", Echo::hidden);
  if (!passphrase)
    return fail(std::string("No passphrase was given: type it, or give it as a line of standard input."));
  const auto content = unseal(*passphrase, as_bytes(*file));
  if (!content) return fail(in_words(content.error()));
  auto archive = parse_archive(gate::secrets::bytes_of(*content));
  if (!archive)
    return fail(std::string("The backup opens, but what is in it is not what this command writes."));
  return std::move(*archive);
}

void tell(const Archive& archive, const std::vector<Step>& steps) {
  std::size_t same = 0;
  fmt::print("A backup of {}, made {}.\n", archive.host, minute(archive.made));
  for (const auto& [entry, change] : steps) {
    if (change == Step::Change::none)
      ++same;
    else
      fmt::print("  {:<8} {}\n", change == Step::Change::made ? "new" : "replaces", entry.path);
  }
  fmt::print("{} of {} are as they are here already.\n", same, steps.size());
  std::fflush(stdout);
}

bool agreed(const Options& options) {
  if (options.yes) return true;
  if (!at_terminal()) return false;
  const auto said = ask_line("Bring these back? Type yes: ", Echo::shown);
  return said && said->expose() == "yes";
}

int bring_back(const Options& options) {
  const auto installation = load(options);
  if (!installation) return complain(installation.error());
  const auto archive = open_backup(options);
  if (!archive) return complain(archive.error());
  const auto steps = plan_restoration(*archive, installation->backup);
  if (!steps) return complain(steps.error());
  tell(*archive, *steps);
  if (std::ranges::all_of(*steps, [](const Step& one) { return one.change == Step::Change::none; })) {
    fmt::print("There is nothing to bring back.\n");
    return 0;
  }
  if (!agreed(options))
    return complain("Nothing was changed. (Without a terminal, --yes says that you are sure.)");
  const std::string kept = fmt::format("{}/{:%Y%m%dT%H%M%S}", installation->backup.kept,
                                       fmt::gmtime(static_cast<std::time_t>(now())));
  if (const auto done = restore(*steps, kept); !done) return complain(done.error());
  fmt::print(
      "Done. What was replaced is in {}: delete that folder when all is well.\nNow restart the services: "
      "systemctl restart cloister-guard cloister-gate prosody cloister-focus cloister-bridge nginx\n",
      kept);
  return 0;
}

}  // namespace

void add_commands(CLI::App& cloister, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, const char* file, int (*run)(const Options&)) {
    CLI::App* const command = cloister.add_subcommand(name, what);
    command->add_option("FILE", options->file, file)->required();
    command->add_option("--config", options->settings, "What the command knows of the installation (YAML)")
        ->capture_default_str();
    command->callback([&chosen, options, run] {
      chosen = [options, run] {
        const rlimit none{};
        setrlimit(RLIMIT_CORE, &none);  // no copy of what is secret
        return run(*options);
      };
    });
    return command;
  };
  add("backup",
      "Accounts, settings, certificates and evidence in one file, sealed by a passphrase that is asked",
      "A new file", back_up);
  add("restore", "Brings back what a backup holds; asks before it replaces, and keeps what was there",
      "The backup", bring_back)
      ->add_flag("--yes", options->yes, "Do not ask back");
}

}  // namespace cloister::cli::backup
