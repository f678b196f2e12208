// What a shell's start files set that the audit asks for. A reader of statements, no shell: what stands
// behind an `if` counts as said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cloister::audit::probes {

struct Statement {
  std::vector<std::string> words;  // without quotes around them
  std::size_t line = 0;
};
std::vector<Statement> parse_statements(std::string_view text);

// A mask as four octal digits: "27", "0027" and "u=rwx,g=rx,o=" are "0027"; nothing when it is no mask.
std::optional<std::string> canonical_umask(std::string_view text);

struct Assignment {
  std::string value;
  bool readonly = false;
  bool exported = false;
  std::size_t line = 0;
};
// Every value that the file gives to the variable. readonly and export count wherever in the file they stand.
std::vector<Assignment> assignments_of(std::string_view text, std::string_view variable);

struct Mask {
  std::string value;
  std::size_t line = 0;
};
// Every `umask` with a mask behind it; one that cannot be read has the value as written.
std::vector<Mask> umasks_of(std::string_view text);

}  // namespace cloister::audit::probes
