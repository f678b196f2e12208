// A check as data: what is looked at, what is expected, and by which examples it proves that it can tell the
// two apart. docs/auditor/checks.md is the reference for those who write one. Values only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/model/observation.h"
#include "audit/model/pattern.h"

namespace cloister::audit::model {

// What a check hands to its probe. `{sysctl: kernel.kptr_restrict}` is one plain value, `{pam: [a, b]}` are
// two; `{setting: {path: /etc/x, key: y}}` are named ones, each a list of at least one.
struct ProbeArguments {
  std::vector<std::string> values;
  std::map<std::string, std::vector<std::string>, std::less<>> named;

  // All values of that name, the plain ones for "".
  const std::vector<std::string>& all(std::string_view name = "") const;
  // The first of them; "" when there is none.
  const std::string& one(std::string_view name = "") const;
  // The plain ones when there are any, else the named ones: for probes that know both forms.
  const std::vector<std::string>& plain_or(std::string_view name) const;
  bool has(std::string_view name) const { return named.contains(name); }
  // `follow: no`: false for no, off, false; true for yes, on, true; else the default.
  bool flag(std::string_view name, bool unless_given) const;
  friend bool operator==(const ProbeArguments&, const ProbeArguments&) = default;
};

struct ProbeCall {
  std::string probe;
  ProbeArguments arguments;
  // As in the check's file, on one line: "sysctl: net.ipv4.ip_forward".
  std::string text() const;
};

// Holds of an observation or not. What does not name all facts must hold for every one, and does not hold
// when there is none.
struct Expectation {
  enum class Kind : std::uint8_t {
    equals,         // operands[0]
    one_of,         // operands
    matches,        // pattern, the whole value
    not_matches,    // pattern found nowhere in the value
    at_least,       // least
    at_most,        // most
    between,        // least, most
    mode_at_most,   // most: no bit beyond
    contains_all,   // operands, as words between blanks and commas
    contains_none,  // operands, the same way
    nothing,        // observed, and no fact at all
    present,        // observed
    absent,         // absent or not installed
    some,           // parts[0] holds of at least one fact
    lines_include,  // each operand is the value of a fact
    facts,          // parts[i] holds of the facts named operands[i], and there is one
    all_of,         // parts
    any_of,         // parts
    unset_or,       // absent, or parts[0]
  };
  Kind kind = Kind::present;
  std::vector<std::string> operands;
  std::optional<Pattern> pattern;
  long long least = 0;
  long long most = 0;
  std::vector<Expectation> parts;
};

// One look at the machine with what is expected of it, or several joined.
struct Condition {
  enum class Kind : std::uint8_t { look, all, any };
  Kind kind = Kind::look;
  ProbeCall call;      // look
  Expectation expect;  // look
  std::vector<Condition> parts;

  // The looks, in the order of the file.
  std::vector<const Condition*> looks() const;
};

// One observation for each look of a condition.
using Example = std::vector<Observation>;

struct Manual {
  std::string question;
  std::vector<ProbeCall> evidence;
};
struct AppliesWhen {
  Condition condition;
  std::string otherwise;  // the sentence that says which fact proves that it does not apply
};
struct Alternative {
  std::string to;  // what was chosen instead
  Condition proof;
};
struct RepairedBy {
  std::string role;
  std::string variable;
};
// Shell for a throw-away machine (tests/audit): never run here.
struct Mutation {
  std::string preparing;  // makes the check pass where it does not; may be empty
  std::string breaking;
  std::string repair;  // of what does not undo itself; may be empty
};

enum class Offline : std::uint8_t { as_probes_say, never };

struct Check {
  std::string id;  // ours; stays when a benchmark renumbers
  std::string title;
  std::vector<std::string> cis;  // ids of the benchmark debian12-1.1.0
  int level = 1;
  std::vector<std::string> profiles = {"server"};
  std::string why;
  std::optional<Condition> condition;  // absent: manual, or an alternative without a judgement of its own
  std::optional<Manual> manual;
  std::optional<AppliesWhen> applies_when;
  std::optional<Alternative> alternative;
  Offline offline = Offline::as_probes_say;
  std::optional<RepairedBy> repaired_by;
  // Of `condition`; of the alternative's proof where there is no condition.
  std::vector<Example> pass;
  std::vector<Example> fail;
  std::optional<Mutation> mutation;
  std::string file;
  int line = 0;
};

}  // namespace cloister::audit::model
