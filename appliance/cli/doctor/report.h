// What the doctor says: line by line as it finds out, or as JSON at the end.
#pragma once

#include <optional>
#include <ostream>
#include <string_view>

#include "cli/doctor/finding.h"

namespace cloister::cli::doctor {

const char* word(Verdict verdict);

class Report {
public:
  enum class Format : std::uint8_t { text, json };
  // `progress`: a terminal that is told what is looked at meanwhile; may be null.
  Report(std::ostream& out, Format format, std::ostream* progress)
      : out_(out), format_(format), progress_(progress) {}

  void begin(std::string_view check);
  void add(const Findings& findings);
  // The exit status: 0 all well, 1 a warning, 2 an error.
  int finish();

private:
  void print(const Finding& finding);

  std::ostream& out_;
  Format format_;
  std::ostream* progress_;
  Findings all_;
};

// Of what another doctor's --json said; nothing when that is something else.
std::optional<Findings> parse_json(std::string_view text);

}  // namespace cloister::cli::doctor
