// Names of system calls on x86-64, by the number that the kernel's audit rules carry.
#pragma once

#include <string>
#include <string_view>

namespace cloister::audit::probes {

// arch: "b32", else 64 bits. The number itself when it has no name here.
std::string syscall_name(std::string_view arch, unsigned number);

// "2" and "open" are both "open".
std::string canonical_syscall(std::string_view arch, std::string_view word);

}  // namespace cloister::audit::probes
