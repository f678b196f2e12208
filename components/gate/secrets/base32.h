// Base32 (RFC 4648 §6) without padding: how people copy a secret by hand.
#pragma once

#include <string>

#include "base/bytes.h"

namespace cloister::gate::secrets {

std::string base32(Bytes bytes);  // upper case

}  // namespace cloister::gate::secrets
