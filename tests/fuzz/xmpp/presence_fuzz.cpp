// Presence from rooms, as raw XML: participants write most of it.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "xmpp/xml/muc_xml.h"

namespace xml = cloister::xmpp::xml;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto element = xml::parse({reinterpret_cast<const char*>(data), size});
  if (!element) return 0;
  const auto presence = xml::parse_muc_presence(*element);
  if (!presence) return 0;
  ASSERT(!presence->occupant.is_bare());
  ASSERT(presence->nick.expose() == presence->occupant.resource());
  return 0;
}
