// Unpredictable values from the system's generator (RAND_bytes).
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace cloister {

void fill_random(MutableBytes out);
std::uint32_t random_u32();
std::uint64_t random_u64();
// `length` characters of [a-z0-9] without bias: 5.17 bits each.
std::string random_token(std::size_t length);
// A UUID of version 4 (RFC 9562).
std::string random_uuid();

}  // namespace cloister
