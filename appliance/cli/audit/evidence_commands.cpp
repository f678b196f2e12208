#include "cli/audit/evidence_commands.h"

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <sstream>

#include "audit/evidence/bundle.h"
#include "audit/evidence/store.h"
#include "audit/reports/format.h"
#include "audit/reports/json.h"
#include "base/private_file.h"
#include "cli/audit/audit_commands.h"
#include "cli/audit/files.h"

namespace cloister::cli::audit {

namespace engine = cloister::audit::engine;
namespace evidence = cloister::audit::evidence;
namespace reports = cloister::audit::reports;

namespace {

struct Options {
  std::string folder = "/var/lib/cloister/audit";
  std::string file;  // verify, export
  std::string key;   // verify: the public one
  std::string format = "text";
  std::uint64_t number = 0;

  std::string database() const { return folder + "/evidence.db"; }
  std::string private_key() const { return folder + "/key.pem"; }
  std::string public_key() const { return folder + "/key.pub.pem"; }
};

int complain(const std::string& what) {
  std::cerr << "cloister: " << what << '\n';
  return kError;
}
int complain(const SystemError& error) {
  return complain(fmt::format("{}: {}", error.doing, error.code.message()));
}

evidence::Moment now_and_here() {
  char host[256] = {};
  if (gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') host[0] = '-';
  return {fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))), host};
}

int keygen(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.folder, error);
  if (error) return complain(fmt::format("{}: {}", options.folder, error.message()));
  const auto key = evidence::SigningKey::make();
  const auto made = write_private(options.private_key(), key.pem());
  if (!made && made.error().code == std::errc::file_exists)
    return complain(fmt::format("{} exists: evidence that it signed would be worth nothing without it",
                                options.private_key()));
  if (!made) return complain(made.error());
  if (const auto written = write_own_file(options.public_key(), key.public_key().pem()); !written)
    return complain(fmt::format("{}: {}", options.public_key(), written.error().message()));
  std::cout << fmt::format("Key {} is in {}.\nGive {} to whoever is to verify:\n{}", key.public_key().id(),
                           options.private_key(), options.public_key(), key.public_key().pem());
  return 0;
}

Result<evidence::SigningKey, std::string> load_key(const Options& options) {
  if (const auto is_private = require_private(options.private_key()); !is_private)
    return fail(fmt::format("{}: {}{}", options.private_key(), is_private.error().code.message(),
                            is_private.error().code == std::errc::no_such_file_or_directory
                                ? " (make one: cloister audit keygen)"
                                : ""));
  const auto pem = read_whole_file(options.private_key());
  if (!pem) return fail(fmt::format("{}: {}", options.private_key(), pem.error().message()));
  auto key = evidence::SigningKey::parse(*pem);
  if (!key) return fail(fmt::format("{}: {}", options.private_key(), key.error()));
  return std::move(*key);
}

int store(const Options& options, const RunOptions& run) {
  const auto key = load_key(options);
  if (!key) return complain(key.error());
  const auto report = run_audit(run, Progress::quiet);
  if (!report) {
    for (const std::string& problem : report.error()) complain(problem);
    return kError;
  }
  const auto opened = evidence::Store::open(options.database());
  if (!opened) return complain(opened.error());
  const auto entry = (*opened)->add(reports::json_text(*report), *key, now_and_here());
  if (!entry) return complain(entry.error());
  const engine::Counts counts = engine::count_checks(*report);
  std::cout << fmt::format("Run {} of {} is stored: {} checks, {} fail. Its digest: {}\n", entry->number,
                           entry->time, report->checks.size(),
                           engine::count(counts, cloister::audit::model::Verdict::fail),
                           evidence::digest_of(*entry));
  return engine::exit_status(*report);
}

int history(const Options& options) {
  if (!std::filesystem::exists(options.database())) {
    std::cout << "No run is stored yet: cloister audit store\n";
    return 0;
  }
  const auto opened = evidence::Store::open(options.database());
  if (!opened) return complain(opened.error());
  const auto runs = (*opened)->list();
  if (!runs) return complain(runs.error());
  for (const auto& [entry, size] : *runs)
    std::cout << fmt::format("{:>5}  {}  {}  key {}  {:>8} bytes  {}\n", entry.number, entry.time, entry.host,
                             entry.key, size, evidence::digest_of(entry));
  return 0;
}

int export_run(const Options& options) {
  const auto opened = evidence::Store::open(options.database());
  if (!opened) return complain(opened.error());
  const auto bundle = (*opened)->bundle(options.number);
  if (!bundle) return complain(bundle.error());
  const std::string text = evidence::json_text(*bundle) + "\n";
  if (options.file.empty()) {
    std::cout << text;
    return 0;
  }
  if (const auto written = write_own_file(options.file, text); !written)
    return complain(fmt::format("{}: {}", options.file, written.error().message()));
  std::cout << fmt::format("{}: run {} of {}\n", options.file, bundle->chain.back().number,
                           bundle->chain.back().time);
  return 0;
}

int verify(const Options& options) {
  const auto pem = read_whole_file(options.key);
  if (!pem) return complain(fmt::format("{}: {}", options.key, pem.error().message()));
  const auto key = evidence::PublicKey::parse(*pem);
  if (!key) return complain(fmt::format("{}: {}", options.key, key.error()));
  const auto text = read_whole_file(options.file);
  if (!text) return complain(fmt::format("{}: {}", options.file, text.error().message()));
  const auto bundle = evidence::parse_bundle(*text);
  if (!bundle) return complain(fmt::format("{}: {}", options.file, bundle.error()));
  const auto report = evidence::verify(*bundle, *key);
  if (!report) {
    std::cout << fmt::format("NOT GENUINE: {}\n", report.error());
    return 1;
  }
  const evidence::Entry& last = bundle->chain.back();
  std::cout << fmt::format("Genuine: run {} of {} on {}, signed with key {}, after {} earlier runs.\n\n",
                           last.number, last.time, last.host, last.key, last.number - 1);
  reports::write(std::cout, *reports::parse_format(options.format), *report);
  return 0;
}

}  // namespace

void add_evidence_commands(CLI::App& audit, const RunOptions& run, std::function<int()>& chosen) {
  const auto options = std::make_shared<Options>();
  const auto add = [&](const char* name, const char* what, std::function<int()> work) {
    CLI::App* const command = audit.add_subcommand(name, what);
    command->callback([&chosen, work = std::move(work)] { chosen = work; });
    return command;
  };
  CLI::App* const makes = add("keygen", "Make the key that signs", [options] { return keygen(*options); });
  CLI::App* const stores = add("store", "Run, sign, and add to the chain of runs",
                               [options, &run] { return store(*options, run); });
  CLI::App* const lists = add("history", "The stored runs", [options] { return history(*options); });
  CLI::App* const exports = add("export", "One run with the chain up to it, for an auditor",
                                [options] { return export_run(*options); });
  CLI::App* const verifies =
      add("verify", "Is an exported run genuine? (status 0: yes, 1: no, 2: not readable)",
          [options] { return verify(*options); });
  for (CLI::App* const command : {makes, stores, lists, exports})
    command->add_option("--folder", options->folder, "Where evidence and key are")->capture_default_str();
  exports->add_option("--run", options->number, "Number of the run; else the last");
  exports->add_option("--output", options->file, "Write to this file");
  verifies->add_option("FILE", options->file, "What was exported")->required();
  verifies->add_option("--key", options->key, "The public key")->required();
  verifies->add_option("--format", options->format, "Of the report: text, json, html, sarif or junit")
      ->check(CLI::IsMember({"text", "json", "html", "sarif", "junit"}))
      ->capture_default_str();
}

}  // namespace cloister::cli::audit
