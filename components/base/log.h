// Lines for the operator on stderr, with the priority prefix that journald reads (sd-daemon(3)): start, stop,
// configuration errors, anonymous totals. The text is a literal plus numbers or words that are not personal;
// Personal<T>, addresses and ids have no form that these functions could take.
#pragma once

#include <fmt/core.h>

namespace cloister::log {

void write(int priority, const std::string& line);

template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
  write(3, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  write(4, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  write(6, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace cloister::log
