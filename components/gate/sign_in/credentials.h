// What somebody typed, taken apart: stock clients have one field, in which the code follows the password.
#pragma once

#include <string_view>

#include "gate/accounts/host_accounts.h"
#include "gate/secrets/secret.h"

namespace cloister::gate::sign_in {

struct Credentials {
  secrets::Secret password;
  secrets::Secret code;  // empty: none
};

// With a second factor the last six digits, else the last sixteen characters of a recovery code (with or
// without its hyphens), are the code, and the rest is the password. Without one, all of it is the password.
Credentials split_field(const secrets::Secret& field, accounts::SecondFactor factor);

}  // namespace cloister::gate::sign_in
