// Messages to the services beside a room, as raw XML; what was read can be refused.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "xmpp/xml/service_messages_xml.h"

namespace xml = cloister::xmpp::xml;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto element = xml::parse({reinterpret_cast<const char*>(data), size});
  if (!element) return 0;
  const auto message = xml::parse_service_message(*element);
  if (!message) return 0;
  ASSERT(!message->from.empty() && !message->to.empty());
  ASSERT(xml::write_refusal(*message, {}).attribute("to") == message->from.text_for_wire());
  return 0;
}
