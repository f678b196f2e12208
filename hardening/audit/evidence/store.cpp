#include "audit/evidence/store.h"

#include <array>
#include <filesystem>
#include <type_traits>

#include "base/private_file.h"
#include "sqlite/migrations.h"

namespace cloister::audit::evidence {
namespace {

using sqlite::Database;
using sqlite::DatabaseFailure;
using sqlite::Statement;
using sqlite::Transaction;

constexpr std::array<std::string_view, 1> kSteps{R"(
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  time TEXT NOT NULL,
  host TEXT NOT NULL,
  report_digest TEXT NOT NULL,
  previous TEXT NOT NULL,
  key TEXT NOT NULL,
  signature TEXT NOT NULL,
  report TEXT NOT NULL
) STRICT;
)"};

template <class Work>
auto guarded(const char* doing, Work work) -> Result<decltype(work()), SystemError> {
  try {
    return work();
  } catch (const DatabaseFailure& failure) {
    return fail(SystemError{failure.code, doing});
  }
}

}  // namespace

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>, SystemError> Store::open(const std::string& path) {
  // Made by us and not by sqlite3, which asks the umask.
  if (!std::filesystem::exists(path))
    if (auto made = write_private(path, ""); !made && made.error().code != std::errc::file_exists)
      return fail(made.error());
  if (auto checked = require_private(path); !checked) return fail(checked.error());
  return guarded("opening the evidence", [&] {
    auto database = std::make_unique<Database>(path);
    sqlite::migrate(*database, kSteps);
    return std::unique_ptr<Store>(new Store(std::move(database)));
  });
}

std::vector<StoredRun> Store::rows() {
  std::vector<StoredRun> all;
  Statement rows(*database_,
                 "SELECT number, time, host, report_digest, previous, key, signature, length(report)"
                 " FROM runs ORDER BY number");
  while (rows.step())
    all.push_back({
        {.number = static_cast<std::uint64_t>(rows.number(0)),
         .time = rows.text(1),
         .host = rows.text(2),
         .report = rows.text(3),
         .previous = rows.text(4),
         .key = rows.text(5),
         .signature = rows.text(6)},
        static_cast<std::size_t>(rows.number(7))
    });
  return all;
}

Result<Entry, SystemError> Store::add(const std::string& report, const SigningKey& key,
                                      const Moment& moment) {
  return guarded("storing a run", [&] {
    Transaction all(*database_);
    const std::vector<StoredRun> earlier = rows();
    Entry entry = signed_entry(key, moment, report, earlier.empty() ? nullptr : &earlier.back().entry);
    Statement(*database_, "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .bind(static_cast<std::int64_t>(entry.number))
        .bind(entry.time)
        .bind(entry.host)
        .bind(entry.report)
        .bind(entry.previous)
        .bind(entry.key)
        .bind(entry.signature)
        .bind(report)
        .run();
    all.commit();
    return entry;
  });
}

Result<std::vector<StoredRun>, SystemError> Store::list() {
  return guarded("listing the runs", [this] { return rows(); });
}

Result<Bundle, SystemError> Store::bundle(std::uint64_t number) {
  auto found = guarded("reading a run", [&] {
    Bundle bundle;
    for (StoredRun& run : rows())
      if (number == 0 || run.entry.number <= number) bundle.chain.push_back(std::move(run.entry));
    if (bundle.chain.empty() || (number != 0 && bundle.chain.back().number != number)) return Bundle{};
    Statement report(*database_, "SELECT report FROM runs WHERE number = ?1");
    report.bind(static_cast<std::int64_t>(bundle.chain.back().number));
    if (report.step()) bundle.report = report.text(0);
    return bundle;
  });
  if (found && found->chain.empty())
    return fail(
        SystemError{std::make_error_code(std::errc::no_such_file_or_directory), "looking for a stored run"});
  return found;
}

}  // namespace cloister::audit::evidence
