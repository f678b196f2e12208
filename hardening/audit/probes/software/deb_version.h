// Debian's order of versions (Debian Policy §5.6.12): [epoch:]upstream[-revision].
#pragma once

#include <compare>
#include <string_view>

namespace cloister::audit::probes {

std::strong_ordering compare_versions(std::string_view one, std::string_view other);

}  // namespace cloister::audit::probes
