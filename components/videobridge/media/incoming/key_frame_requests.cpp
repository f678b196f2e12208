#include "videobridge/media/incoming/key_frame_requests.h"

#include <algorithm>

#include "wire/rtcp_feedback.h"

namespace cloister::videobridge::media {

bool KeyFrameRequests::request(const Source& source, Ssrc media, TimePoint now, PacketPort& port) {
  auto state = std::ranges::find(states_, source.id(), &State::source);
  if (state == states_.end())
    state = states_.insert(states_.end(), State{.source = source.id(), .last = now - kMinInterval});
  if (now - state->last < kMinInterval) return false;
  ByteWriter out(port.reserve());
  if (message_ == KeyFrameMessage::pli)
    wire::write_pli(out, {.sender = local_ssrc_, .media = media});
  else
    wire::write_fir(out, local_ssrc_, media, state->fir_command);
  if (!out.ok()) return false;
  port.commit_rtcp(out.size());
  ++state->fir_command;
  state->last = now;
  return true;
}

void KeyFrameRequests::forget(const Source& source) {
  std::erase_if(states_, [&](const State& state) { return state.source == source.id(); });
}

}  // namespace cloister::videobridge::media
