// What a packet of redundant audio (RFC 2198) is opened for: receivers without RED are sent its own frame,
// and everybody the frames that were lost on their way to us.
#include "videobridge/media/incoming/receive_path.h"

namespace cloister::videobridge::media {
namespace {

// Each block is one frame earlier than the next. Anything else, and what end-to-end encryption has left
// unreadable, is not worth a guess.
bool is_regular(const wire::RedPayload& red) {
  const auto blocks = red.redundant();
  for (std::size_t back = 1; back <= blocks.size(); ++back) {
    const wire::RedBlock& block = blocks[blocks.size() - back];
    if (block.payload_type != red.primary.payload_type || block.timestamp_offset == 0) return false;
    if (block.timestamp_offset != back * blocks.back().timestamp_offset) return false;
  }
  return true;
}

}  // namespace

void ReceivePath::open_red(ReceiveStream& stream, std::int64_t sequence, ParsedPacket& packet, Sink& sink) {
  const auto red = wire::parse_red(packet.header.payload);
  if (!red || !is_regular(*red)) return;
  const PayloadFormat* format = payloads_.find(red->primary.payload_type);
  if (format == nullptr || format->kind != MediaKind::audio || format->codec == Codec::red) return;
  packet.red_primary = RedPrimary{red->primary.payload_type, red->primary.data};
  const auto blocks = red->redundant();
  for (std::size_t back = blocks.size(); back > 0; --back) {
    const wire::RedBlock& block = blocks[blocks.size() - back];
    const std::int64_t before = sequence - static_cast<std::int64_t>(back);
    if (!block.data.empty() && stream.lacks(before)) recover(stream, before, block, packet, sink);
  }
}

void ReceivePath::recover(ReceiveStream& stream, std::int64_t sequence, const wire::RedBlock& block,
                          const ParsedPacket& carrier, Sink& sink) {
  ParsedPacket lost;
  lost.packet = carrier.packet.share();
  lost.header = carrier.header;
  lost.header.payload_type = block.payload_type;
  lost.header.marker = false;
  lost.header.timestamp -= block.timestamp_offset;
  lost.header.payload = block.data;
  lost.source = carrier.source;
  lost.layer = carrier.layer;
  lost.format = payloads_.find(block.payload_type);
  lost.arrival = carrier.arrival;
  stream.on_sequence(sequence);
  deliver(stream, sequence, lost, sink);
}

}  // namespace cloister::videobridge::media
