// AppArmor as the kernel shows it and as its profiles lie on disk.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/model/observation.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// /sys/kernel/security/apparmor/profiles: "name (mode)", a fact each.
std::vector<model::Fact> parse_profiles(std::string_view text);

struct ProfileText {
  std::string name;
  std::string attachment;  // the programs that it confines, a pattern; "" for none
  std::string mode;        // enforce, complain, kill, unconfined
};
// The profiles that a file in /etc/apparmor.d declares: "profile NAME [ATTACHMENT] [flags=(…)] {" and
// "/path [flags=(…)] {", without their rules and without hats.
std::vector<ProfileText> parse_profile_file(std::string_view text);

// AppArmor's own patterns: * within a folder, ** across, {a,b}, [..], ?.
bool attaches(std::string_view pattern, std::string_view program);

}  // namespace cloister::audit::probes
