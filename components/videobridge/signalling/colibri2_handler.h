// Requests of the focus → the shard that has the conference → the answer. Main thread. Who asks must sit in
// the brewery: nobody else can make this bridge carry media.
#pragma once

#include <vector>

#include "videobridge/shard/placement.h"
#include "videobridge/shard/shard.h"
#include "xmpp/stanza_router.h"

namespace cloister::videobridge::signalling {

class Colibri2Handler {
public:
  // `shards` outlive this.
  Colibri2Handler(std::vector<shard::Shard*> shards, xmpp::Jid brewery);

  void register_at(xmpp::StanzaRouter& router);
  void on_conference_ended(const MeetingId& meeting) { placement_.end(meeting); }

private:
  void on_request(const xmpp::Iq<xmpp::colibri2::ConferenceModify>& iq, xmpp::Responder responder);

  std::vector<shard::Shard*> shards_;
  xmpp::Jid brewery_;
  shard::Placement placement_;
};

}  // namespace cloister::videobridge::signalling
