#include "base/bytes.h"
#include "videobridge/conference/channel/channel_message.h"

using namespace cloister;
using namespace cloister::videobridge::conference;

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto message = parse_message(as_text(std::as_bytes(std::span(data, size))));
  if (!message) return 0;
  if (auto* constraints = std::get_if<ReceiverVideoConstraints>(&*message)) {
    videobridge::bandwidth::ReceiverSettings settings;
    videobridge::bandwidth::apply(std::move(*constraints), settings);
  }
  if (auto* forwarded = std::get_if<EndpointMessage>(&*message)) {
    write_endpoint_message(std::move(forwarded->fields), EndpointId("a"));
  }
  return 0;
}
