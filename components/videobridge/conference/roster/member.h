// Somebody in the conference, on this bridge or behind another one: what speech order, allocation and
// messages go by. Shard thread.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "videobridge/conference/speech/speech_activity.h"
#include "videobridge/media/model/source.h"

namespace cloister::videobridge::conference {

class Endpoint;

class Member {
public:
  Member(EndpointId id, std::uint32_t number) : id_(std::move(id)), number_(number) {}
  virtual ~Member() = default;
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  const EndpointId& id() const { return id_; }
  // Tells the members of a conference apart; never used twice.
  std::uint32_t number() const { return number_; }
  SpeechActivity& activity() { return activity_; }
  // As last told (EndpointConnectivityStatusChangeEvent).
  bool inactive() const { return inactive_; }
  void set_inactive(bool inactive) { inactive_ = inactive; }

  // Who has a path of its own to this bridge; nullptr: it is behind another one.
  virtual Endpoint* as_endpoint() { return nullptr; }
  // Appends what it sends, in the order signalled.
  virtual void list_sources(std::vector<media::Source*>& to) const = 0;
  // Asks its side for a key frame; false when it was asked just now.
  virtual bool ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) = 0;
  // Nobody on this bridge wants more of its source than so many lines; −1: no limit, 0: nobody wants it.
  virtual void limit_height(const media::Source& source, int max_height) = 0;

private:
  const EndpointId id_;
  const std::uint32_t number_;
  SpeechActivity activity_;
  bool inactive_ = false;
};

}  // namespace cloister::videobridge::conference
