// PAM's stacks as they are configured (pam.d(5)).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct PamLine {
  std::string type;     // auth, account, password, session; lower case, without the leading "-"
  std::string control;  // "required", "[success=1 default=ignore]"
  std::string module;   // without folder and ".so": "pam_unix"
  std::vector<std::string> arguments;
  std::size_t number = 0;

  // "name" → "yes", "name=value" → "value"; nothing when it is not there. The last one counts.
  std::optional<std::string> argument(std::string_view name) const;
  // "auth required pam_unix nullok"
  std::string text() const;
};

struct PamInclude {
  std::string service;
  std::string type;  // "" for all: @include
};

// A line of a stack, or a place where another file's lines stand.
struct PamEntry {
  std::optional<PamLine> line;
  std::optional<PamInclude> include;
};
std::vector<PamEntry> parse_pam(std::string_view text);

struct PamStackLine : PamLine {
  std::string where;  // "common-auth:17"
};
// The service's lines with those of the files that it includes, in order.
Result<std::vector<PamStackLine>, FileError> pam_stack(const System& system, const std::string& service);

}  // namespace cloister::audit::probes
