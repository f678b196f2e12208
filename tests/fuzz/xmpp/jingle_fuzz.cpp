// Jingle from clients, as raw XML. What we write of it we can read again; from then on it stays the same (the
// first writing leaves out malformed UTF-8).
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "xmpp/xml/jingle_xml.h"

namespace xml = cloister::xmpp::xml;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto element = xml::parse({reinterpret_cast<const char*>(data), size});
  if (!element) return 0;
  std::string written;
  for (int generation = 0; generation < 3; ++generation) {
    const std::string before =
        std::exchange(written, xml::write(xml::write_jingle(xml::parse_jingle(*element))));
    ASSERT(generation < 2 || written == before);
    element = xml::parse(written);
    ASSERT(element);
  }
  return 0;
}
