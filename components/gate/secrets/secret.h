// A password, a code, a key: wiped when it dies, without a text form.
#pragma once

#include "base/bytes.h"
#include "base/personal.h"

namespace cloister::gate::secrets {

using Secret = Personal<std::string>;

inline Bytes bytes_of(const Secret& secret) { return as_bytes(secret.expose()); }

// True when both are the same, in a time that depends on their lengths alone.
bool same(std::string_view a, std::string_view b);

}  // namespace cloister::gate::secrets
