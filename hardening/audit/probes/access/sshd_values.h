// Values of sshd's keywords: defaults, spelling, and lists of algorithms (OpenSSH 9.2 as Debian 12 builds
// it).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

// Nothing when the keyword has none, or is not known here.
std::optional<std::string_view> sshd_default(std::string_view keyword);

// As sshd -T prints it: times in seconds, "+x", "-x" and "^x" worked into the default list of algorithms,
// one spelling for each word that has several.
std::string canonical_sshd_value(std::string_view keyword, const std::vector<std::string>& arguments);

// Each further line adds to what was said before.
bool is_sshd_list(std::string_view keyword);

}  // namespace cloister::audit::probes
