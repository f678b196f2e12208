#include "videobridge/media/outgoing/outgoing_media.h"

#include "videobridge/media/outgoing/send_path.h"

namespace cloister::videobridge::media {

OutgoingMedia::OutgoingMedia(OutgoingConfig config, PacketPort& port, Conference& conference)
    : path_(std::make_unique<SendPath>(config, port, conference)) {}
OutgoingMedia::~OutgoingMedia() = default;

void OutgoingMedia::set_payload_types(const PayloadMap& payloads) { path_->set_payload_types(payloads); }
void OutgoingMedia::set_extensions(const ExtensionMap& extensions) { path_->set_extensions(extensions); }
void OutgoingMedia::add_source(Source& source, TimePoint now) { path_->add_source(source, now); }
void OutgoingMedia::remove_source(const Source& source) { path_->remove_source(source); }
void OutgoingMedia::set_target(const Source& source, std::optional<Layer> target) {
  path_->set_target(source, target);
}
void OutgoingMedia::set_video_slots(std::span<const Source* const> sources, TimePoint now) {
  path_->set_video_slots(sources, now);
}
std::vector<SlotMapping> OutgoingMedia::mappings(MediaKind kind) const { return path_->mappings(kind); }

void OutgoingMedia::forward(const ParsedPacket& packet, TimePoint now) { path_->forward(packet, now); }
void OutgoingMedia::on_sender_report(const Source& source, std::uint8_t encoding,
                                     const wire::SenderReport& report, TimePoint now) {
  path_->on_sender_report(source, encoding, report, now);
}
void OutgoingMedia::on_nack(const wire::Nack& nack, TimePoint now) { path_->on_nack(nack, now); }
void OutgoingMedia::on_key_frame_request(Ssrc media, TimePoint now) {
  path_->on_key_frame_request(media, now);
}
void OutgoingMedia::on_report_block(const wire::ReportBlock& block, TimePoint now) {
  path_->on_report_block(block, now);
}
void OutgoingMedia::on_transport_cc(const wire::TransportCc& feedback, TimePoint now) {
  path_->on_transport_cc(feedback, now);
}
std::optional<std::int64_t> OutgoingMedia::estimate() const { return path_->downlink().estimate(); }
std::optional<std::int64_t> OutgoingMedia::video_budget(TimePoint now) const {
  return path_->downlink().video_budget(now);
}
void OutgoingMedia::set_wanted(std::int64_t bits_per_second) {
  path_->downlink().set_wanted(bits_per_second);
}
std::optional<TimePoint> OutgoingMedia::next_wakeup() const { return path_->next_wakeup(); }
void OutgoingMedia::on_wakeup(TimePoint now) { path_->on_wakeup(now); }

void OutgoingMedia::assume_rtt(Duration rtt) { path_->assume_rtt(rtt); }
std::optional<Duration> OutgoingMedia::rtt() const { return path_->rtt(); }
std::optional<std::uint8_t> OutgoingMedia::current_encoding(const Source& source) const {
  const Forwarder* forwarder = path_->find(source);
  return forwarder == nullptr ? std::nullopt : forwarder->current_encoding();
}
const DropCounts& OutgoingMedia::drops() const { return path_->drops(); }
const SentTotals& OutgoingMedia::totals() const { return path_->totals(); }

}  // namespace cloister::videobridge::media
