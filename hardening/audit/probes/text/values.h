// What is inside a line: fields, numbers, letters of either case.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

// The parts between these characters, empty ones too: "a::b" has three.
std::vector<std::string_view> fields_of(std::string_view text, char between);

// ASCII letters only.
std::string lower(std::string_view text);

// The whole text as a number of that base.
std::optional<long long> number(std::string_view text, int base = 10);

}  // namespace cloister::audit::probes
