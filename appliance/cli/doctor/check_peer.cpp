#include <fmt/core.h>

#include "cli/doctor/checks.h"
#include "cli/doctor/report.h"
#include "cli/machine/program.h"

namespace cloister::cli::doctor {

Findings check_from(const std::string& peer, const Patient& patient) {
  const std::string remedy = fmt::format(
      "ssh {} cloister doctor --outside {} must work without a question: the command installed there, a key "
      "here.",
      peer, patient.authority());
  const auto ended = machine::run_program({"ssh", "-o", "BatchMode=yes", "--", peer, "cloister", "doctor",
                                           "--json", "--outside", patient.authority()},
                                          std::chrono::seconds(90));
  if (!ended)
    return {error(fmt::format("{} was not asked: {}.", peer, ended.error().code.message()), remedy)};
  auto found = parse_json(ended->output);
  if (!found) {
    const std::string first = ended->errors.substr(0, ended->errors.find('\n'));
    return {error(fmt::format("{} gives no answer: {}", peer, first), remedy)};
  }
  for (Finding& one : *found) one.what = fmt::format("From {}: {}", peer, one.what);
  return std::move(*found);
}

}  // namespace cloister::cli::doctor
