// Base64 (RFC 4648 §4), with padding.
#pragma once

#include <string>

#include "base/bytes.h"

namespace cloister {

std::string base64(Bytes bytes);

}  // namespace cloister
