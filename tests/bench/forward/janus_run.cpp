#include "base/random.h"
#include "forward/bridge_participant.h"
#include "forward/janus_api.h"
#include "forward/measure.h"
#include "forward/runs.h"
#include "forward/sdp.h"
#include "room/process.h"

namespace cloister::bench {
namespace {

using Brings = JanusHandle::Brings;

// Janus forwards transport-cc only between ends that agreed on it: without.
support::Participant make_participant(std::size_t room, std::size_t number) {
  return {.meeting = MeetingId(),
          .endpoint = EndpointId("p" + std::to_string(room) + "x" + std::to_string(number)),
          .feedback = support::TransportCc::no};
}

BridgeParticipant& publish(Load& load, const SocketAddress& janus, std::size_t room) {
  support::Participant as = make_participant(room, 0);
  as.video = {{.ssrc = Ssrc{static_cast<std::uint32_t>(1000 + room)}}};
  BridgeParticipant* participant = load.call([&] { return &load.add<BridgeParticipant>(as); });
  JanusHandle handle(janus);
  handle.request(
      {
          {"request",    "create"},
          {"room",       room    },
          {"publishers", 2       },
          {"videocodec", "vp8"   },
          {"bitrate",    0       }
  },
      Brings::answer);
  handle.request(
      {
          {"request", "join"     },
          {"ptype",   "publisher"},
          {"room",    room       },
          {"id",      1          }
  },
      Brings::event);
  const std::string answer = handle.request(
      {
          {"request", "publish"}
  },
      Brings::sdp,
      {{"type", "offer"},
       {"sdp", write_sdp(participant->local(), support::kVp8, "v", as.video.front().ssrc)}});
  load.call([&] {
    participant->set_remote(parse_sdp(answer).transport);
    participant->start();
  });
  handle.wait_until_up();
  return *participant;
}

BridgeParticipant& subscribe(Load& load, const SocketAddress& janus, std::size_t room, std::size_t number) {
  const support::Participant as = make_participant(room, number);
  BridgeParticipant* participant = load.call([&] { return &load.add<BridgeParticipant>(as); });
  JanusHandle handle(janus);
  const RemoteSdp offer = parse_sdp(handle.request(
      {
          {"request", "join"                           },
          {"ptype",   "subscriber"                     },
          {"room",    room                             },
          {"streams", boost::json::array{{{"feed", 1}}}}
  },
      Brings::sdp));
  handle.request(
      {
          {"request", "start"}
  },
      Brings::event,
      {{"type", "answer"},
       {"sdp", write_sdp(participant->local(), offer.payload_type, offer.mid, std::nullopt)}});
  load.call([&] {
    participant->set_remote(offer.transport);
    participant->start();
  });
  return *participant;
}

}  // namespace

Outcome run_janus(const Scene& scene, const Places& places, const JanusPlace& janus) {
  move_to(places.load);  // from where it can be asked
  Load load(places.load);
  std::vector<LoadParticipant*> senders;
  std::vector<LoadParticipant*> receivers;
  const std::size_t first = std::size_t{random_u32()} * 1000;  // rooms of no earlier run
  for (std::size_t room = first; room < first + scene.rooms; ++room)
    senders.push_back(&publish(load, janus.address, room));
  load.call([&] { load.start(senders); });
  for (std::size_t room = first; room < first + scene.rooms; ++room)
    for (std::size_t number = 1; number <= scene.receivers; ++number)
      receivers.push_back(&subscribe(load, janus.address, room, number));
  return measure(
      load, places.measured,
      [pid = janus.process] {
        const ProcessUse use = use_of_process(pid);
        return ThreadUse{.cpu_ns = use.cpu_ns, .context_switches = use.context_switches, .allocations = 0};
      },
      senders, receivers);
}

}  // namespace cloister::bench
