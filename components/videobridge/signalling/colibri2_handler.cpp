#include "videobridge/signalling/colibri2_handler.h"

namespace cloister::videobridge::signalling {

Colibri2Handler::Colibri2Handler(std::vector<shard::Shard*> shards, xmpp::Jid brewery)
    : shards_(std::move(shards)), brewery_(std::move(brewery)), placement_(shards_.size()) {}

void Colibri2Handler::register_at(xmpp::StanzaRouter& router) {
  router.on_iq<xmpp::colibri2::ConferenceModify>(
      [this](xmpp::Iq<xmpp::colibri2::ConferenceModify> iq, xmpp::Responder responder) {
        on_request(iq, std::move(responder));
      });
}

void Colibri2Handler::on_request(const xmpp::Iq<xmpp::colibri2::ConferenceModify>& iq,
                                 xmpp::Responder responder) {
  if (iq.from.bare() != brewery_) return responder.fail({.condition = xmpp::ErrorCondition::forbidden});
  const MeetingId& meeting = iq.payload.meeting_id;
  const std::size_t shard = iq.payload.create ? placement_.place(meeting) : placement_.find(meeting);
  auto answer = std::make_shared<xmpp::Responder>(std::move(responder));
  shards_[shard]->modify(iq.payload, [answer](shard::ModifyResult result) {
    if (result) return answer->reply(*result);
    answer->fail(result.error());
  });
}

}  // namespace cloister::videobridge::signalling
