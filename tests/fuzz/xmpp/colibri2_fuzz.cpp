// Colibri2 from a focus and from a bridge, as raw XML. What we write of it we can read again; from then on it
// stays the same (the first writing leaves out malformed UTF-8).
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "xmpp/xml/colibri2_xml.h"

namespace xml = cloister::xmpp::xml;

namespace {

template <class Parse, class Write>
void check(std::optional<xml::Element> element, Parse parse, Write write) {
  std::string written;
  for (int generation = 0; generation < 3; ++generation) {
    const auto value = parse(*element);
    if (!value) return;
    const std::string before = std::exchange(written, xml::write(write(*value)));
    ASSERT(generation < 2 || written == before);
    element = xml::parse(written);
    ASSERT(element);
  }
}

}  // namespace

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto element = xml::parse({reinterpret_cast<const char*>(data), size});
  if (!element) return 0;
  check(element, xml::parse_conference_modify, xml::write_conference_modify);
  check(element, xml::parse_conference_modified, xml::write_conference_modified);
  return 0;
}
