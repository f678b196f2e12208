// The two JSON texts that arrive: <SourceInfo> of participants and sources in compact form.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "xmpp/xml/json_sources.h"
#include "xmpp/xml/muc_xml.h"

namespace xml = cloister::xmpp::xml;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(xml::parse_source_info(text));
  if (const auto sources = xml::parse_json_sources(text)) {
    const std::string written = xml::write_json_sources(*sources);
    const auto again = xml::parse_json_sources(written);
    ASSERT(again);
    ASSERT(xml::write_json_sources(*again) == written);
  }
  return 0;
}
