// An RTP packet, its extension elements, and both again after rewriting.
#include <array>

#include "base/assert.h"
#include "wire/header_extension.h"
#include "wire/rtp_header.h"

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const auto header = wire::parse_rtp(std::as_bytes(std::span(data, size)));
  if (!header) return 0;
  std::array<std::byte, 4096> room;
  ByteWriter out(room);
  write_rtp_header(out, *header, wire::HasExtension::no);
  ASSERT(!out.ok() || wire::parse_rtp(out.written()).has_value() || header->padding > 0);

  wire::ExtensionWriter block(out, wire::ExtensionWriter::Form::two_byte);
  wire::ExtensionReader elements(*header);
  while (const auto element = elements.next()) block.add(element->id, element->data);
  block.finish();
  return 0;
}
