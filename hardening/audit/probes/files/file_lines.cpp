#include <fmt/core.h>

#include "audit/model/pattern.h"
#include "audit/probes/files/paths.h"
#include "audit/probes/files/probes.h"
#include "audit/probes/text/lines.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

Observation unreadable(std::string note) { return {State::unreadable, {}, std::move(note)}; }

}  // namespace

model::Observation observe_file_lines(const System& system, const model::ProbeArguments& arguments) {
  const auto pattern = model::Pattern::make(arguments.one("match"));
  if (!pattern) return unreadable("the expression is broken: " + pattern.error());
  const std::string_view comments = arguments.flag("comments", false) ? "" : "#";
  const auto files = existing_files(system, arguments);
  Observation seen;
  if (files.empty()) seen.state = State::absent;
  for (const std::string& path : files) {
    const auto content = system.read_file(path);
    if (!content) return observation_of(content.error());
    for (const auto& [number, line] : lines_of(*content, comments)) {
      const model::Match match = pattern->whole(line);
      if (match == model::Match::gave_up)
        return unreadable(fmt::format("{}:{} is too long to be judged", path, number));
      if (match == model::Match::yes)
        seen.facts.push_back({fmt::format("{}:{}", path, number), std::string(line)});
    }
  }
  return seen;
}

}  // namespace cloister::audit::probes
