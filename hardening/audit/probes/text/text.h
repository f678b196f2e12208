// What every parser of a configuration file needs. The views look into the text given.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes::text {

// Without blanks (also "\r") around it.
std::string_view trim(std::string_view text);

// The lines, trimmed, empty ones too: the n-th is line n of the file.
std::vector<std::string_view> lines(std::string_view text);

// The parts between any of these characters, without empty ones.
std::vector<std::string_view> words(std::string_view text, std::string_view between = " \t");

// The parts between these characters, empty ones too: "a::b" has three.
std::vector<std::string_view> fields(std::string_view text, char between);

// `before` and what comes after the first of these characters; nothing when there is none of them.
struct Halves {
  std::string_view before;
  std::string_view after;
};
std::optional<Halves> halves(std::string_view text, std::string_view at);

// ASCII letters only.
std::string lower(std::string_view text);

// The whole text as a number, in decimal or the base given.
std::optional<long long> number(std::string_view text, int base = 10);

// A shell's "word" or 'word' without its quotes; anything else as it is.
std::string_view unquoted(std::string_view text);

}  // namespace cloister::audit::probes::text
