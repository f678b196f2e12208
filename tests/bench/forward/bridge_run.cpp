#include "forward/bridge.h"
#include "forward/bridge_participant.h"
#include "forward/measure.h"
#include "forward/runs.h"

namespace cloister::bench {
namespace {

// Brings one participant into its room: the bridge offers, the participant accepts.
BridgeParticipant& join(Load& load, Bridge& bridge, const support::Participant& as,
                        support::CreateConference conference) {
  BridgeParticipant* participant = load.call([&] { return &load.add<BridgeParticipant>(as); });
  const auto offer = bridge.ask(support::create_endpoint(as, conference));
  load.call([&] {
    participant->set_bridge(offer.endpoints.front().transport->ice.value());
    participant->start();
  });
  bridge.ask(support::accept(as, participant->local()));
  bridge.tell(offer.endpoints.front().transport->ice->web_sockets.at(0).expose(),
              support::ask_for_height(720));
  return *participant;
}

support::Participant make_participant(std::size_t room, std::size_t number, bool feedback) {
  return {.meeting = MeetingId("room-" + std::to_string(room)),
          .endpoint = EndpointId("p" + std::to_string(room) + "x" + std::to_string(number)),
          .feedback = feedback ? support::TransportCc::yes : support::TransportCc::no};
}

}  // namespace

Outcome run_bridge(const Scene& scene, const Places& places) {
  Load load(places.load);
  Bridge bridge(places.bridge, {.equal_sizes = scene.equal_sizes});
  std::vector<LoadParticipant*> senders;
  std::vector<LoadParticipant*> receivers;
  for (std::size_t room = 0; room < scene.rooms; ++room) {
    support::Participant sender = make_participant(room, 0, scene.feedback);
    sender.video = {{.ssrc = Ssrc{static_cast<std::uint32_t>(1000 + room)}}};
    senders.push_back(&join(load, bridge, sender, support::CreateConference::yes));
    for (std::size_t number = 1; number <= scene.receivers; ++number)
      receivers.push_back(
          &join(load, bridge, make_participant(room, number, scene.feedback), support::CreateConference::no));
  }
  load.call([&] {
    if (scene.uneven)
      for (LoadParticipant* sender : senders) static_cast<BridgeParticipant*>(sender)->send_uneven();
    load.start(senders);
  });
  return measure(load, places.measured, thread_named("shard-0"), senders, receivers);
}

}  // namespace cloister::bench
