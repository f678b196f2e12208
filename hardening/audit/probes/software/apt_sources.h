// Where apt takes packages from: sources.list(5) in its two forms.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct AptSource {
  std::string where;  // "/etc/apt/sources.list:3"
  std::string uri;
  std::string suite;
  std::vector<std::string> components;
  std::string signed_by;  // a file, fingerprints, or a key itself; "" when every trusted key counts
  std::string laxity;     // "[trusted=yes]", "[allow-insecure=yes]": without signatures
};

std::vector<AptSource> parse_source_list(const std::string& path, std::string_view text);  // *.list
std::vector<AptSource> parse_sources(const std::string& path, std::string_view text);  // *.sources (deb822)

std::vector<AptSource> apt_sources(const System& system);

// "http://deb.debian.org/debian bookworm main [trusted=yes]"
std::string text_of(const AptSource& source);

}  // namespace cloister::audit::probes
