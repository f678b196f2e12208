// Sources in Jitsi's compact JSON form, focus → client (focus.md §4.3):
//   {"sources":{"<owner>":[[{"s":1,"n":"…","m":"…","v":"d"},…],[["f",1,2],…],[audio sources],[audio
//   groups]]}}
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "xmpp/jingle.h"

namespace cloister::xmpp::xml {

using JsonSources = std::map<std::string, jingle::OwnedSources>;

std::string write_json_sources(const JsonSources& sources);
// Nothing for what is not JSON of this shape. Groups other than FID and SIM are skipped.
std::optional<JsonSources> parse_json_sources(std::string_view text);

}  // namespace cloister::xmpp::xml
