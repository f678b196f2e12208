#include "audit/probes/files/probes.h"
#include "audit/probes/system/accounts.h"

namespace cloister::audit::probes {
namespace {

const char* word(FileStatus::Type type) {
  switch (type) {
    case FileStatus::Type::regular: return "file";
    case FileStatus::Type::directory: return "folder";
    case FileStatus::Type::link: return "link";
    case FileStatus::Type::other: break;
  }
  return "other";
}

}  // namespace

model::Observation observe_file(const System& system, const model::ProbeArguments& arguments) {
  const std::string& path = arguments.plain_or("path").front();
  const auto status = system.stat(path, arguments.flag("follow", true) ? Follow::yes : Follow::no);
  if (!status) return observation_of(status.error());
  std::vector<model::Fact> facts = {
      {"mode",        status->mode_text()},
      {"owner",       user_name(system,    status->uid)},
      {"group",             group_name(system,                          status->gid)},
      {"type", word(status->type)},
  };
  if (arguments.has("field"))
    std::erase_if(facts, [&](const model::Fact& fact) { return fact.name != arguments.one("field"); });
  return {.state = model::State::observed, .facts = std::move(facts), .note = {}};
}

}  // namespace cloister::audit::probes
