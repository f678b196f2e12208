// The hosts and what is kept of their secrets: verifiers and second factors, sealed (secrets/sealing_key.h).
// The gate and the command line each open the file for themselves; sqlite3 keeps them apart. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "gate/accounts/host_name.h"
#include "gate/secrets/sealing_key.h"

namespace cloister::sqlite {
class Database;
}

namespace cloister::gate::accounts {

enum class SecondFactor : std::uint8_t { off, on };

// One line of the operator's list.
struct HostSummary {
  HostName name;
  bool enabled = true;
  SecondFactor second_factor = SecondFactor::off;
  std::int64_t recovery_codes = 0;  // left
};

struct TotpState {
  secrets::Secret secret;
  std::uint64_t last_step = 0;  // of the newest code that was accepted
};

// What a sign-in is checked against.
struct HostRecord {
  std::int64_t id = 0;
  std::int64_t generation = 0;
  bool enabled = false;
  std::string verifier;  // of the password
  std::optional<TotpState> totp;
};

struct AccountError {
  enum class Kind : std::uint8_t { absent, exists, no_second_factor, system };
  Kind kind = Kind::system;
  SystemError system{};  // of Kind::system
};

class HostAccounts {
public:
  // Makes a new file (mode 0600), or migrates an older one. Refuses a file that others may read.
  static Result<std::unique_ptr<HostAccounts>, SystemError> open(const std::string& path,
                                                                 secrets::SealingKey key);
  ~HostAccounts();

  Result<std::vector<HostSummary>, AccountError> list();
  // Kind::absent when there is no such host. Kind::system also when a secret does not open: another key's
  // file.
  Result<HostRecord, AccountError> find(const HostName& name);
  Result<HostRecord, AccountError> find(std::int64_t id);

  Result<void, AccountError> add(const HostName& name, const std::string& verifier);
  Result<void, AccountError> remove(const HostName& name);
  // These end the sign-ins made before; only new recovery codes do not.
  Result<void, AccountError> set_password(const HostName& name, const std::string& verifier);
  Result<void, AccountError> set_enabled(const HostName& name, bool enabled);
  // Turns the second factor on with new codes. `used_step`: of the code that proved the app, spent by that.
  Result<void, AccountError> set_second_factor(const HostName& name, const secrets::Secret& secret,
                                               std::uint64_t used_step,
                                               const std::vector<secrets::Secret>& recovery_codes);
  Result<void, AccountError> clear_second_factor(const HostName& name);
  Result<void, AccountError> set_recovery_codes(const HostName& name,
                                                const std::vector<secrets::Secret>& recovery_codes);

  // The same password under another cost; nothing happens when the account has changed since `record`.
  Result<void, AccountError> renew_verifier(const HostRecord& record, const std::string& verifier);
  // Marks a code's step as used. False when it, or a later one, was used before: also between two processes.
  Result<bool, AccountError> use_totp_step(std::int64_t id, std::uint64_t step);
  // Deletes the code (in any spelling). False when there is none such.
  Result<bool, AccountError> use_recovery_code(std::int64_t id, const secrets::Secret& code);

private:
  HostAccounts(std::unique_ptr<sqlite::Database> database, secrets::SealingKey key);
  Result<HostRecord, AccountError> read_record(std::string_view condition, const std::string* name,
                                               std::int64_t id);
  std::int64_t id_of(const HostName& name);
  void end_sign_ins(std::int64_t id);
  void write_recovery_codes(std::int64_t id, const std::vector<secrets::Secret>& codes);

  std::unique_ptr<sqlite::Database> database_;
  secrets::SealingKey key_;
};

}  // namespace cloister::gate::accounts
