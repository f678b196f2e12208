// What a participant adds to the anonymous totals (protocol/bridge.md §1.2).
#include <algorithm>

#include "videobridge/conference/endpoint.h"

namespace cloister::videobridge::conference {
namespace {

// §5.12: who sent within this time is a sender.
constexpr Duration kSending = 10s;
constexpr double kHighLoss = 0.1;

std::uint64_t growth(std::uint64_t now, std::uint64_t before) { return now > before ? now - before : 0; }

std::int64_t flowing(const media::Source& source, TimePoint now) {
  std::int64_t count = 0;
  for (std::uint8_t encoding = 0; encoding < source.encodings().size(); ++encoding)
    count += source.is_active(encoding, now) ? 1 : 0;
  return count;
}

}  // namespace

void Endpoint::on_media(const media::ParsedPacket& packet) {
  (packet.source->kind() == MediaKind::audio ? last_audio_ : last_video_) = packet.arrival;
  if (packet.key_frame) environment_.counters.key_frames_received.add();
  port_.on_media(*this, packet);
}

void Endpoint::count_into(CensusCount& count, TimePoint now) const {
  const auto is_recent = [now](std::optional<TimePoint> last) { return last && now - *last < kSending; };
  const auto add = [&count](Headcount head, bool counts) { count[head] += counts ? 1 : 0; };
  const bool audio = is_recent(last_audio_);
  const bool video = is_recent(last_video_);
  ++count.participants;
  add(Headcount::local_active_endpoints, ever_heard() && !is_silent(now));
  add(Headcount::visitors, is_visitor());
  add(Headcount::receive_only_endpoints, ever_heard() && !is_visitor() && !audio && !video);
  add(Headcount::endpoints_sending_audio, audio);
  add(Headcount::endpoints_sending_video, video);
  add(Headcount::endpoints_with_high_outgoing_loss, outgoing_loss_.fraction() > kHighLoss);
  add(Headcount::endpoints_with_suspended_sources, suspended_);
  add(Headcount::num_eps_oversending, oversending_);
  if (const auto rtt = transport_.rtt()) {
    ++count[Headcount::round_trips];
    count[Headcount::round_trip_milliseconds] += std::chrono::round<std::chrono::milliseconds>(*rtt).count();
  }
  for (const auto& source : incoming_.sources())
    if (source->kind() == MediaKind::video) count[Headcount::video_streams] += flowing(*source, now);
}

void Endpoint::collect_totals() {
  const media::SentTotals& sent = outgoing_.totals();
  const media::ReceivedTotals received = incoming_.totals();
  Counters& counters = environment_.counters;
  const std::uint64_t arrived = growth(sent.reported_received, collected_sent_.reported_received);
  const std::uint64_t lost = growth(sent.reported_lost, collected_sent_.reported_lost);
  outgoing_loss_.add(arrived + lost, lost);
  counters.outgoing_reported.add(arrived + lost);
  counters.outgoing_lost.add(lost);
  counters.packets_retransmitted.add(growth(sent.retransmitted, collected_sent_.retransmitted));
  counters.tcc_unmatched_feedback.add(growth(sent.unmatched_feedback, collected_sent_.unmatched_feedback));
  counters.incoming_expected.add(growth(received.expected, collected_received_.expected));
  counters.incoming_lost.add(growth(received.lost, collected_received_.lost));
  collected_sent_ = sent;
  collected_received_ = received;
}

}  // namespace cloister::videobridge::conference
