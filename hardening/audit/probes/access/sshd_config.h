// What sshd will do, read from its files as sshd reads them (sshd_config(5), OpenSSH 9.2): Include where it
// stands, the first value of a keyword wins, lists grow, Match blocks apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct SshdLine {
  std::size_t number = 0;
  std::string keyword;  // lower case, today's name of it
  std::vector<std::string> arguments;
};
std::vector<SshdLine> parse_sshd_config(std::string_view text);

struct SshdSetting {
  std::string keyword;
  std::vector<std::string> arguments;
  std::string match;  // the criteria of the Match block that it stands in, "" outside of one
  std::string where;  // "/etc/ssh/sshd_config:12"
};

struct SshdConfig {
  std::vector<SshdSetting> settings;  // in the order in which sshd meets them
  std::vector<std::string> files;     // with all that are included
  std::vector<FileError> errors;
};

// /etc/ssh/sshd_config, after the options that /etc/default/ssh gives to the service. Remembered.
const SshdConfig& sshd_config_of(const System& system);

struct SshdValue {
  std::string match;  // "" for everybody
  std::string value;  // as sshd -T prints it: times in seconds, algorithms as the whole list
  std::string where;  // "" for a default
};
// What applies to everybody (nothing when the keyword is neither set nor has a default), then what Match
// blocks say.
std::vector<SshdValue> effective_sshd(const SshdConfig& config, const std::string& keyword);

}  // namespace cloister::audit::probes
