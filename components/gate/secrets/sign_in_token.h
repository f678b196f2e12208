// The text of a sign-in token: what our client sends in place of the password. 48 random characters, so
// guessing is hopeless, and a shape of its own, so that an old one does not count as a wrong password.
#pragma once

#include <string_view>

#include "gate/secrets/secret.h"

namespace cloister::gate::secrets {

Secret new_token_text();  // "cloister." and 48 of [a-z0-9], 248 bits
bool is_token_shaped(std::string_view text);

}  // namespace cloister::gate::secrets
