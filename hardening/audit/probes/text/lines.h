// Text files as lines and words. Views look into the text that was given.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

inline constexpr std::string_view kBlanks = " \t\r\v\f";

std::string_view trimmed(std::string_view text);

// Without blanks around it: what a file of one line says.
std::string_view first_line(std::string_view text);

struct Line {
  std::size_t number = 0;  // from 1
  std::string_view text;   // without blanks around it
};

// All lines that are neither empty nor a comment, which begins with one of `comments`.
std::vector<Line> lines_of(std::string_view text, std::string_view comments = "#");

std::vector<std::string_view> words_of(std::string_view text, std::string_view between = " \t");

// "a = b" → {"a", "b"}; without the separator nothing. A blank as separator stands for any number of them.
std::optional<std::pair<std::string_view, std::string_view>> split_at(std::string_view line, char separator);

// Without one pair of quotes around it, when there is one.
std::string_view unquoted(std::string_view text);

}  // namespace cloister::audit::probes
