// What a probe has seen: facts without a judgement. Values only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace cloister::audit::model {

enum class State : std::uint8_t {
  observed,       // the facts are all there is, which may be none at all
  absent,         // the file, key, user … is not there
  not_installed,  // the package is not there
  not_running,    // needs a running system; facts that need none are given all the same
  unreadable,     // it may be there, and could not be read: `note` says what and why
};

// `name` says where: "running", "configured", a path, a user, a unit …; `value` is canonical text without
// blanks around it.
struct Fact {
  std::string name;
  std::string value;
  friend auto operator<=>(const Fact&, const Fact&) = default;
};

struct Observation {
  State state = State::observed;
  std::vector<Fact> facts;
  std::string note;  // for people; never judged
  friend bool operator==(const Observation&, const Observation&) = default;
};

// As it is written in checks and reports: "observed", "absent" …
const char* word(State state);

}  // namespace cloister::audit::model
