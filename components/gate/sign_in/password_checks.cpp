#include "gate/sign_in/password_checks.h"

namespace cloister::gate::sign_in {

PasswordChecks::Outcome check_password(const std::string& verifier, const secrets::Secret& password,
                                       secrets::HashCost cost) {
  PasswordChecks::Outcome outcome{.matches = secrets::matches(verifier, password), .renewed = {}};
  if (!outcome.matches || secrets::has_cost(verifier, cost)) return outcome;
  if (auto renewed = secrets::make_verifier(password, cost)) outcome.renewed = std::move(*renewed);
  return outcome;
}

}  // namespace cloister::gate::sign_in
