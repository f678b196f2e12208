// The shape of the hosts' database, for sqlite/migrations.h.
#pragma once

#include <span>
#include <string_view>

namespace cloister::gate::accounts {

std::span<const std::string_view> schema_steps();

}  // namespace cloister::gate::accounts
