#include "base/bytes.h"
#include "videobridge/conference/channel/relay_message.h"

using namespace cloister;
using namespace cloister::videobridge::conference;

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto message = parse_relay_message(as_text(std::as_bytes(std::span(data, size))));
  if (!message) return 0;
  if (auto* relayed = std::get_if<RelayedMessage>(&*message))
    write_endpoint_message(std::move(relayed->message.fields), relayed->from);
  if (auto* wish = std::get_if<AddReceiver>(&*message))
    write_add_receiver("b", wish->source, wish->constraints.max_height);
  return 0;
}
