#include "videobridge/media/incoming/incoming_media.h"

#include "videobridge/media/incoming/receive_path.h"

namespace cloister::videobridge::media {

IncomingMedia::IncomingMedia(IncomingConfig config, const EndpointId& owner, SourceIds& ids, PacketPort& port)
    : path_(std::make_unique<ReceivePath>(config, owner, ids, port)) {}
IncomingMedia::~IncomingMedia() = default;

void IncomingMedia::set_payload_types(const PayloadMap& payloads) { path_->set_payload_types(payloads); }
void IncomingMedia::set_extensions(const ExtensionMap& extensions) { path_->set_extensions(extensions); }
void IncomingMedia::set_discard_silence(bool discard) { path_->set_discard_silence(discard); }
SourceChange IncomingMedia::set_sources(std::span<const SourceDescription> descriptions) {
  return path_->set_sources(descriptions);
}
std::span<const std::unique_ptr<Source>> IncomingMedia::sources() const { return path_->sources().sources(); }
Source* IncomingMedia::find_source(const SourceName& name) { return path_->sources().find(name); }
void IncomingMedia::force_mute(MediaKind kind, bool muted) { path_->force_mute(kind, muted); }

void IncomingMedia::on_rtp(net::Packet packet, TimePoint now, Sink& sink) {
  path_->on_rtp(std::move(packet), now, sink);
}
void IncomingMedia::on_rtcp(Bytes compound, TimePoint now, Sink& sink) {
  path_->on_rtcp(compound, now, sink);
}
bool IncomingMedia::request_key_frame(const Source& source, std::uint8_t encoding, TimePoint now) {
  return path_->request_key_frame(source, encoding, now);
}
std::optional<TimePoint> IncomingMedia::next_wakeup() const { return path_->next_wakeup(); }
void IncomingMedia::on_wakeup(TimePoint now, Sink& sink) { path_->on_wakeup(now, sink); }
const DropCounts& IncomingMedia::drops() const { return path_->drops(); }
ReceivedTotals IncomingMedia::totals() const { return path_->totals(); }

}  // namespace cloister::videobridge::media
