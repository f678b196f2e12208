#include "gate/accounts/host_accounts.h"

#include <sys/stat.h>

#include <filesystem>

#include "base/private_file.h"
#include "gate/accounts/schema.h"
#include "gate/secrets/recovery_code.h"
#include "sqlite/migrations.h"

namespace cloister::gate::accounts {

using secrets::Secret;
using sqlite::Database;
using sqlite::DatabaseFailure;
using sqlite::Statement;
using sqlite::Transaction;
using Kind = AccountError::Kind;

namespace {

// What a sealed value is, and whose: it opens nowhere else.
std::string context(std::string_view what, std::int64_t id) {
  return std::string(what) + " of host " + std::to_string(id);
}

SystemError unsealed() {
  return {std::make_error_code(std::errc::bad_message), "opening a secret: it was sealed with another key"};
}

AccountError failure(const DatabaseFailure& database, const char* doing) {
  return {
      Kind::system, {database.code, doing}
  };
}

// Runs `work`; what sqlite3 throws becomes the result, and so does an AccountError.
template <class Work>
auto guarded(const char* doing, Work work) -> Result<decltype(work()), AccountError> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const DatabaseFailure& database) {
    return fail(failure(database, doing));
  } catch (const AccountError& error) {
    return fail(error);
  }
}

std::string_view text_of(const secrets::Digest& digest) { return as_text(digest); }

}  // namespace

Result<std::unique_ptr<HostAccounts>, SystemError> HostAccounts::open(const std::string& path,
                                                                      secrets::SealingKey key) {
  // Made by us and not by sqlite3, which asks the umask.
  if (!std::filesystem::exists(path))
    if (auto made = write_private(path, ""); !made && made.error().code != std::errc::file_exists)
      return fail(made.error());
  if (auto checked = require_private(path); !checked) return fail(checked.error());
  try {
    auto database = std::make_unique<Database>(path);
    migrate(*database, schema_steps());
    return std::unique_ptr<HostAccounts>(new HostAccounts(std::move(database), std::move(key)));
  } catch (const DatabaseFailure& failed) {
    return fail(SystemError{failed.code, sqlite::is_of_newer_version(failed)
                                             ? "opening the host accounts: a newer version made them"
                                             : "opening the host accounts"});
  }
}

HostAccounts::HostAccounts(std::unique_ptr<Database> database, secrets::SealingKey key)
    : database_(std::move(database)), key_(std::move(key)) {}
HostAccounts::~HostAccounts() = default;

Result<std::vector<HostSummary>, AccountError> HostAccounts::list() {
  return guarded("listing the hosts", [this] {
    std::vector<HostSummary> hosts;
    Statement rows(*database_,
                   "SELECT name, enabled, second_factors.host IS NOT NULL,"
                   " (SELECT count(*) FROM recovery_codes WHERE recovery_codes.host = hosts.id)"
                   " FROM hosts LEFT JOIN second_factors ON second_factors.host = hosts.id ORDER BY name");
    while (rows.step())
      hosts.push_back({.name = HostName(rows.text(0)),
                       .enabled = rows.number(1) != 0,
                       .second_factor = rows.number(2) != 0 ? SecondFactor::on : SecondFactor::off,
                       .recovery_codes = rows.number(3)});
    return hosts;
  });
}

Result<HostRecord, AccountError> HostAccounts::find(const HostName& name) {
  return read_record("name = ?1", &name.expose(), 0);
}

Result<HostRecord, AccountError> HostAccounts::find(std::int64_t id) {
  return read_record("id = ?1", nullptr, id);
}

Result<HostRecord, AccountError> HostAccounts::read_record(std::string_view condition,
                                                           const std::string* name, std::int64_t id) {
  return guarded("reading a host", [&] {
    Statement row(*database_,
                  "SELECT id, generation, enabled, verifier, secret, last_step FROM hosts"
                  " LEFT JOIN second_factors ON host = id WHERE " +
                      std::string(condition));
    name != nullptr ? row.bind(*name) : row.bind(id);
    if (!row.step()) throw AccountError{Kind::absent};
    HostRecord record{.id = row.number(0),
                      .generation = row.number(1),
                      .enabled = row.number(2) != 0,
                      .verifier = {},
                      .totp = {}};
    const auto verifier = key_.open(context("password", record.id), row.blob(3));
    if (!verifier) throw AccountError{Kind::system, unsealed()};
    record.verifier = verifier->expose();
    if (row.is_null(4)) return record;
    auto secret = key_.open(context("totp", record.id), row.blob(4));
    if (!secret) throw AccountError{Kind::system, unsealed()};
    record.totp =
        TotpState{.secret = std::move(*secret), .last_step = static_cast<std::uint64_t>(row.number(5))};
    return record;
  });
}

Result<void, AccountError> HostAccounts::add(const HostName& name, const std::string& verifier) {
  return guarded("adding a host", [&] {
    Transaction all(*database_);
    Statement known(*database_, "SELECT 1 FROM hosts WHERE name = ?1");
    if (known.bind(name.expose()).step()) throw AccountError{Kind::exists};
    // The number is needed to seal what belongs to it.
    Statement(*database_, "INSERT INTO hosts (name, verifier) VALUES (?1, x'')").bind(name.expose()).run();
    const std::int64_t id = id_of(name);
    Statement(*database_, "UPDATE hosts SET verifier = ?1 WHERE id = ?2")
        .bind_blob(key_.seal(context("password", id), Secret(verifier)))
        .bind(id)
        .run();
    all.commit();
  });
}

Result<void, AccountError> HostAccounts::remove(const HostName& name) {
  return guarded("removing a host", [&] {
    Statement(*database_, "DELETE FROM hosts WHERE name = ?1").bind(name.expose()).run();
    if (database_->changes() == 0) throw AccountError{Kind::absent};
  });
}

Result<void, AccountError> HostAccounts::set_password(const HostName& name, const std::string& verifier) {
  return guarded("changing a password", [&] {
    Transaction all(*database_);
    const std::int64_t id = id_of(name);
    Statement(*database_, "UPDATE hosts SET verifier = ?1 WHERE id = ?2")
        .bind_blob(key_.seal(context("password", id), Secret(verifier)))
        .bind(id)
        .run();
    end_sign_ins(id);
    all.commit();
  });
}

Result<void, AccountError> HostAccounts::set_enabled(const HostName& name, bool enabled) {
  return guarded("changing a host", [&] {
    Transaction all(*database_);
    const std::int64_t id = id_of(name);
    Statement(*database_, "UPDATE hosts SET enabled = ?1 WHERE id = ?2").bind(enabled ? 1 : 0).bind(id).run();
    end_sign_ins(id);
    all.commit();
  });
}

Result<void, AccountError> HostAccounts::set_second_factor(const HostName& name, const Secret& secret,
                                                           std::uint64_t used_step,
                                                           const std::vector<Secret>& recovery_codes) {
  return guarded("setting a second factor", [&] {
    Transaction all(*database_);
    const std::int64_t id = id_of(name);
    Statement(*database_, "DELETE FROM second_factors WHERE host = ?1").bind(id).run();
    Statement(*database_, "INSERT INTO second_factors (host, secret, last_step) VALUES (?1, ?2, ?3)")
        .bind(id)
        .bind_blob(key_.seal(context("totp", id), secret))
        .bind(static_cast<std::int64_t>(used_step))
        .run();
    write_recovery_codes(id, recovery_codes);
    end_sign_ins(id);
    all.commit();
  });
}

Result<void, AccountError> HostAccounts::clear_second_factor(const HostName& name) {
  return guarded("removing a second factor", [&] {
    Transaction all(*database_);
    const std::int64_t id = id_of(name);
    Statement(*database_, "DELETE FROM second_factors WHERE host = ?1").bind(id).run();
    if (database_->changes() == 0) throw AccountError{Kind::no_second_factor};
    end_sign_ins(id);
    all.commit();
  });
}

Result<void, AccountError> HostAccounts::set_recovery_codes(const HostName& name,
                                                            const std::vector<Secret>& recovery_codes) {
  return guarded("writing recovery codes", [&] {
    Transaction all(*database_);
    const std::int64_t id = id_of(name);
    Statement factor(*database_, "SELECT 1 FROM second_factors WHERE host = ?1");
    if (!factor.bind(id).step()) throw AccountError{Kind::no_second_factor};
    write_recovery_codes(id, recovery_codes);
    all.commit();
  });
}

Result<void, AccountError> HostAccounts::renew_verifier(const HostRecord& record,
                                                        const std::string& verifier) {
  return guarded("renewing a verifier", [&] {
    Statement(*database_, "UPDATE hosts SET verifier = ?1 WHERE id = ?2 AND generation = ?3")
        .bind_blob(key_.seal(context("password", record.id), Secret(verifier)))
        .bind(record.id)
        .bind(record.generation)
        .run();
  });
}

Result<bool, AccountError> HostAccounts::use_totp_step(std::int64_t id, std::uint64_t step) {
  return guarded("using a one-time code", [&] {
    Statement(*database_, "UPDATE second_factors SET last_step = ?1 WHERE host = ?2 AND last_step < ?1")
        .bind(static_cast<std::int64_t>(step))
        .bind(id)
        .run();
    return database_->changes() == 1;
  });
}

Result<bool, AccountError> HostAccounts::use_recovery_code(std::int64_t id, const Secret& code) {
  return guarded("using a recovery code", [&] {
    const auto spelled = secrets::spell_recovery_code(code.expose());
    if (!spelled) return false;
    const secrets::Digest verifier = key_.verifier(context("recovery", id), *spelled);
    Statement(*database_, "DELETE FROM recovery_codes WHERE host = ?1 AND verifier = ?2")
        .bind(id)
        .bind_blob(text_of(verifier))
        .run();
    return database_->changes() == 1;
  });
}

std::int64_t HostAccounts::id_of(const HostName& name) {
  Statement row(*database_, "SELECT id FROM hosts WHERE name = ?1");
  if (!row.bind(name.expose()).step()) throw AccountError{Kind::absent};
  return row.number(0);
}

void HostAccounts::end_sign_ins(std::int64_t id) {
  Statement(*database_, "UPDATE hosts SET generation = generation + 1 WHERE id = ?1").bind(id).run();
}

void HostAccounts::write_recovery_codes(std::int64_t id, const std::vector<Secret>& codes) {
  Statement(*database_, "DELETE FROM recovery_codes WHERE host = ?1").bind(id).run();
  for (const Secret& code : codes) {
    const auto spelled = secrets::spell_recovery_code(code.expose());
    if (!spelled) continue;
    const secrets::Digest verifier = key_.verifier(context("recovery", id), *spelled);
    Statement(*database_, "INSERT INTO recovery_codes (host, verifier) VALUES (?1, ?2)")
        .bind(id)
        .bind_blob(text_of(verifier))
        .run();
  }
}

}  // namespace cloister::gate::accounts
