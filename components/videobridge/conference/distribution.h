// Who is sent which video, and what senders therefore need to encode (protocol/bridge.md §7.6, §7.7):
// collects the reasons to allocate anew, and does it for all of them at once. Shard thread; owned by the
// conference.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "videobridge/conference/endpoint.h"
#include "videobridge/conference/roster/source_table.h"
#include "videobridge/conference/sender_constraints.h"

namespace cloister::videobridge::conference {

class Distribution {
public:
  // cc.max-time-between-calculations
  static constexpr Duration kRefresh = 5s;

  Distribution(const SourceTable& sources, const ConferenceSettings& settings, TimePoint now)
      : sources_(sources), settings_(settings), last_run_(now) {}

  // Sources, layers, types or the speech order changed.
  void mark_all() { all_ = true; }
  // Only this one's wishes or bandwidth changed.
  void mark(Endpoint& receiver);
  void forget(Endpoint& receiver);
  void forget_source(const media::Source& source) { constraints_.forget_source(source.id()); }
  // The constraints of these are told to their owner with the next run, changed or not.
  void announce(const media::Source& source) { to_tell_.push_back(source.id()); }

  TimePoint next_due() const;
  // Every now and then all is worked out anew, marked or not.
  void on_due(TimePoint now) {
    if (now - last_run_ >= kRefresh) all_ = true;
  }
  // Does what is marked, if it is time for it. Those of this bridge are receivers.
  void run(std::span<Member* const> by_speech_order, TimePoint now);
  int max_height(const media::Source& source) const { return constraints_.max_height(source.id()); }
  // A bridge behind a relay wants so much of a source for its receivers, or nothing (0). `bridge` is a number
  // as members have.
  void vote(std::uint32_t bridge, const media::Source& source, int max_height) {
    constraints_.vote(bridge, source.id(), max_height, to_tell_);
  }
  void forget_bridge(std::uint32_t bridge) { constraints_.forget_receiver(bridge, to_tell_); }

private:
  bool is_marked() const { return all_ || !marked_.empty() || !to_tell_.empty(); }
  void offer_sources(std::span<Member* const> by_speech_order, TimePoint now);
  void offer(const Member& owner, const media::Source& source, TimePoint now);
  void serve(Endpoint& receiver, TimePoint now);
  void tell_senders();

  const SourceTable& sources_;
  const ConferenceSettings& settings_;
  SenderConstraints constraints_;
  std::vector<Endpoint*> marked_;
  bool all_ = false;
  std::vector<media::SourceId> to_tell_;
  std::vector<media::Source*> listed_;
  std::vector<bandwidth::OfferedSource> offered_;
  std::vector<bandwidth::Layer> layers_;  // what `offered_` looks into
  std::size_t receivers_ = 0;
  TimePoint last_run_;
};

}  // namespace cloister::videobridge::conference
