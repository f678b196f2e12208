#include "gate/accounts/schema.h"

#include <array>

namespace cloister::gate::accounts {
namespace {

// `generation` rises with everything that ends the sign-ins made before. AUTOINCREMENT: the number of a
// removed host is never given to another one, for secrets are sealed under it.
constexpr std::array<std::string_view, 1> kSteps{R"(
CREATE TABLE hosts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  verifier BLOB NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  generation INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE second_factors (
  host INTEGER PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  secret BLOB NOT NULL,
  last_step INTEGER NOT NULL
) STRICT;
CREATE TABLE recovery_codes (
  host INTEGER NOT NULL REFERENCES second_factors (host) ON DELETE CASCADE,
  verifier BLOB NOT NULL,
  PRIMARY KEY (host, verifier)
) STRICT, WITHOUT ROWID;
)"};

}  // namespace

std::span<const std::string_view> schema_steps() { return kSteps; }

}  // namespace cloister::gate::accounts
