// Every probe by the name that checks call it with. A probe is a function in the folder of its subject,
// declared in that folder's probes.h, and one line in registry.cpp; docs/auditor/checks.md says what it takes
// and gives.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "audit/model/check.h"
#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// A probe never judges, runs no program, and says `unreadable` rather than to guess. What it reads comes from
// outside: nothing in it may end the process.
using Probe = model::Observation(const System&, const model::ProbeArguments&);

struct ProbeEntry {
  std::string_view name;
  Probe* observe;
  // What the loader of checks accepts, in words between blanks: VALUE (one plain value), VALUES (a plain
  // value or a list of them), and names of arguments, with a "?" behind those that may be left out:
  //   "VALUE"   "path key separator? section?"   "VALUE path follow?"
  std::string_view arguments;
};

std::span<const ProbeEntry> all_probes();  // by name
const ProbeEntry* find_probe(std::string_view name);

// What is wrong with the arguments, in words; nothing when they fit.
std::optional<std::string> find_fault(const ProbeEntry& probe, const model::ProbeArguments& arguments);

}  // namespace cloister::audit::probes
