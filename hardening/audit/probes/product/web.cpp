#include <fmt/core.h>

#include "audit/probes/product/installation.h"
#include "audit/probes/product/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;
using Visited = Result<WebServer, SystemError>;

const Visited& visited(const System& system, const InstallationFacts& installed) {
  return system.remember<Visited>(
      "web server", [&]() -> Visited { return system.doors().web(installed.host, installed.port); });
}

Observation header(const WebServer& server, const std::string& name) {
  const auto found = server.headers.find(name);
  if (found == server.headers.end()) return {State::absent, {}, {}};
  return {State::observed, {{name, found->second}}, {}};
}

Observation list(const char* name, const std::vector<std::string>& values) {
  Observation seen;
  for (const std::string& value : values) seen.facts.push_back({name, value});
  return seen;
}

}  // namespace

Observation observe_web(const System& system, const model::ProbeArguments& arguments) {
  const auto installed = installation_of(system);
  if (!installed) return observation_of(installed.error());
  if (!system.doors().web) return {State::not_running, {}, {}};
  const Visited& server = visited(system, *installed);
  if (!server)
    return {State::absent, {}, fmt::format("{}: {}", server.error().doing, server.error().code.message())};
  if (arguments.has("header")) return header(*server, arguments.one("header"));
  const std::string& what = arguments.one();
  if (what == "tls_versions") return list("version", server->versions);
  if (what == "tls_suites") return list("suite", server->suites);
  return {State::unreadable, {}, fmt::format("web knows nothing of {}", what)};
}

}  // namespace cloister::audit::probes
