// The settings files of nginx, Prosody and systemd, as far as a sentence of a report depends on them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cloister::cli::report {

// nginx: every directive in the order of the file, as its words; blocks are not told from what is in them.
std::vector<std::vector<std::string>> nginx_directives(std::string_view text);
// Prosody: all values that are given to a name, without the line's end: `log = {}` gives "{}".
std::vector<std::string> lua_values(std::string_view text, std::string_view name);
// Lines of `Name=value` (systemd, coturn): the last value; empty when there is none. Comments are no lines.
std::string last_value(std::string_view text, std::string_view name);
// Without Lua's comments.
std::string without_lua_comments(std::string_view text);

}  // namespace cloister::cli::report
