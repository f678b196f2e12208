// What the reports say: every sentence with what proves it. A sentence without a check is none of these.
#pragma once

#include <cstdint>
#include <span>

#include "cli/report/evidence.h"

namespace cloister::cli::report {

enum class Section : std::uint8_t { meetings, kept, others, protection, accounts };

struct Sentence {
  const char* id;  // ours; stays
  Section section;
  const char* text;    // for people who know nothing of computers
  const char* remedy;  // what makes it true
  Evidence (*check)(const Subject&);
};

std::span<const Sentence> sentences();

}  // namespace cloister::cli::report
