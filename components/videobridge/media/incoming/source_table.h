// The sources an endpoint has signalled, and which SSRC belongs to which of them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "videobridge/media/incoming/incoming_media.h"
#include "videobridge/media/incoming/receive_stream.h"
#include "videobridge/media/model/source.h"

namespace cloister::videobridge::media {

class SourceTable {
public:
  enum class Role : std::uint8_t { media, rtx };
  struct Entry {
    Ssrc ssrc{};
    Source* source = nullptr;
    std::uint8_t encoding = 0;
    Role role = Role::media;
    ReceiveStream* stream = nullptr;  // of the media that an RTX stream repairs
  };

  SourceTable(const EndpointId& owner, SourceIds& ids) : owner_(owner), ids_(ids) {}

  // Of two claims on one SSRC the first in the list holds. Descriptions without encodings are ignored.
  SourceChange set(std::span<const SourceDescription> descriptions);

  const Entry* find(Ssrc ssrc) const;
  Source* find(const SourceName& name) const;
  std::span<const std::unique_ptr<Source>> sources() const { return sources_; }
  std::span<const std::unique_ptr<ReceiveStream>> streams() const { return streams_; }
  std::span<const Entry> entries() const { return entries_; }

private:
  void index_ssrcs();

  EndpointId owner_;
  SourceIds& ids_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<std::unique_ptr<ReceiveStream>> streams_;
  std::vector<Entry> entries_;  // sorted by SSRC
};

}  // namespace cloister::videobridge::media
