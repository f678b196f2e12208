#include "load/reception.h"

#include "base/bytes.h"

namespace cloister::load {
namespace {

constexpr std::uint32_t kMark = 0xc1015734;
constexpr std::size_t kMarkSize = 12;

}  // namespace

void write_mark(MutableBytes packet, TimePoint now) {
  if (packet.size() < kMarkSize) return;
  ByteWriter out{packet.last(kMarkSize)};
  const auto ns = static_cast<std::uint64_t>(now.time_since_epoch().count());
  out.u32(kMark).u32(static_cast<std::uint32_t>(ns >> 32)).u32(static_cast<std::uint32_t>(ns & 0xffffffffU));
}

std::optional<TimePoint> read_mark(Bytes payload) {
  if (payload.size() < kMarkSize) return std::nullopt;
  ByteReader in(payload.last(kMarkSize));
  if (in.u32() != kMark) return std::nullopt;
  const std::uint64_t high = in.u32();
  return TimePoint(Duration(static_cast<std::int64_t>(high << 32 | in.u32())));
}

void Received::add(const Received& other) {
  packets += other.packets;
  bytes += other.bytes;
  lost += other.lost;
  gaps += other.gaps;
  strays += other.strays;
  frames += other.frames;
  freezes += other.freezes;
  longest_freeze = std::max(longest_freeze, other.longest_freeze);
  contradictions += other.contradictions;
  talkers += other.talkers;
  heard += other.heard;
  senders += other.senders;
  seen += other.seen;
  for (const auto& [height, count] : other.heights) heights[height] += count;
  delay.add(other.delay);
  unread.add(other.unread);
}

bool Reception::Numbers::take(std::uint16_t sequence) {
  const auto number = static_cast<std::uint64_t>(unwrapper_.unwrap(sequence));
  if (!window_.is_fresh(number)) return false;
  if (window_.empty()) first_ = number;
  if (!window_.empty() && number > window_.highest() + 1 && number > first_) ++gaps_;
  window_.accept(number);
  if (number >= first_) ++received_;
  return true;
}

std::uint64_t Reception::Numbers::lost() const {
  if (window_.empty() || window_.highest() < first_) return 0;
  return window_.highest() - first_ + 1 - received_;
}

void Reception::watch(const std::map<EndpointId, sim::OtherSources>& sources, TimePoint now) {
  for (const auto& [owner, theirs] : sources) {
    Other& other = others_.try_emplace(owner, now).first->second;
    unlist(other);
    other.audio = theirs.audio;
    other.video.watch(theirs.video, theirs.video_rtx);
    if (theirs.audio != Ssrc{}) by_ssrc_[raw(theirs.audio)] = {&other, Kind::audio};
    if (theirs.video != Ssrc{}) by_ssrc_[raw(theirs.video)] = {&other, Kind::video};
    if (theirs.video_rtx != Ssrc{}) by_ssrc_[raw(theirs.video_rtx)] = {&other, Kind::retransmission};
  }
}

void Reception::forget(const EndpointId& owner) {
  const auto found = others_.find(owner);
  if (found == others_.end()) return;
  unlist(found->second);
  others_.erase(found);
}

void Reception::unlist(const Other& other) {
  std::erase_if(by_ssrc_, [&other](const auto& entry) { return entry.second.other == &other; });
}

void Reception::on_rtp(wire::RtpHeader header, TimePoint came, TimePoint now) {
  const auto found = by_ssrc_.find(raw(header.ssrc));
  if (found == by_ssrc_.end()) {
    ++measured_.strays;
    return;
  }
  const auto [other, kind] = found->second;
  if (kind == Kind::retransmission) {
    if (header.payload.size() <= 2) return;  // a probe
    header.sequence = get_u16(header.payload, 0);
    header.payload = header.payload.subspan(2);
    return on_video(*other, header, now);
  }
  if (!header.payload.empty()) {  // else it is padding, to probe the path
    ++measured_.packets;
    measured_.bytes += wire::kRtpFixedHeader + header.extension.size() + header.payload.size();
  }
  if (const auto sent = read_mark(header.payload)) {
    measured_.delay.add(came - *sent);
    measured_.unread.add(now - came);
  }
  if (kind == Kind::audio)
    other->heard.take(header.sequence);
  else
    on_video(*other, header, now);
}

void Reception::on_video(Other& other, const wire::RtpHeader& header, TimePoint now) {
  if (!other.seen.take(header.sequence)) return;
  const std::size_t before = other.video.frames();
  other.video.on_packet(header, now);
  if (other.video.frames() == before) return;
  if (other.last_frame != TimePoint{} && now - other.last_frame > kFreeze) ++other.freezes;
  other.last_frame = now;
}

void Reception::start(TimePoint now) {
  measured_ = {};
  for (auto& [owner, other] : others_) {
    other.heard.start();
    other.seen.start();
    other.video.forget(now);
    other.freezes = 0;
  }
}

Received Reception::received(TimePoint now) const {
  Received out = measured_;
  for (const auto& [owner, other] : others_) {
    for (const Numbers* numbers : {&other.heard, &other.seen}) {
      out.lost += numbers->lost();
      out.gaps += numbers->gaps();
    }
    if (other.audio != Ssrc{}) ++out.talkers;
    if (other.heard.received() > 0) ++out.heard;
    if (other.video.media_ssrc() == Ssrc{}) continue;
    ++out.senders;
    out.frames += other.video.frames();
    out.freezes += other.freezes;
    out.contradictions += static_cast<std::uint64_t>(other.video.contradictions());
    if (other.video.frames() == 0) continue;
    ++out.seen;
    ++out.heights[other.video.height()];
    out.longest_freeze = std::max(out.longest_freeze, other.video.longest_freeze(now));
  }
  return out;
}

}  // namespace cloister::load
