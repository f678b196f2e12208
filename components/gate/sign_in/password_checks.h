// Compares passwords with verifiers: 0.1 s of one core and 64 MB each, so away from the gate's thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gate/secrets/password.h"

namespace cloister::gate::sign_in {

struct PasswordChecks {
  struct Outcome {
    bool matches = false;
    std::optional<std::string> renewed;  // a verifier of today's cost, when it matches one of another
  };
  virtual ~PasswordChecks() = default;
  // `done` runs on the gate's thread, never from inside check(). False, and no `done`: too many wait already.
  [[nodiscard]] virtual bool check(std::string verifier, secrets::Secret password,
                                   std::function<void(Outcome)> done) = 0;
};

// What one check does.
PasswordChecks::Outcome check_password(const std::string& verifier, const secrets::Secret& password,
                                       secrets::HashCost cost);

}  // namespace cloister::gate::sign_in
