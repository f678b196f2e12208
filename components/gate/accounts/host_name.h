// What a host signs in with: the local part of an address like anna@meet.example.
#pragma once

#include <optional>
#include <string_view>

#include "base/personal.h"

namespace cloister::gate::accounts {

struct HostName : Personal<std::string> {
  using Personal::Personal;
};

// 1 to 64 of [a-z0-9._-], the first a letter or digit; capitals are made small. Nothing for other texts.
std::optional<HostName> parse_host_name(std::string_view text);

}  // namespace cloister::gate::accounts
