// One <conference-modify> applied to its conference (protocol/bridge.md §2.4, §2.5).
#pragma once

#include <optional>

#include "base/result.h"
#include "videobridge/conference/conference.h"
#include "xmpp/colibri2.h"
#include "xmpp/stanza_error.h"

namespace cloister::videobridge::conference {

class ColibriHandler {
public:
  ColibriHandler(Conference& conference, const ConferenceSettings& settings, TimePoint now)
      : conference_(conference), settings_(settings), now_(now) {}

  // `request` is without fault in itself (find_fault). On an error part of it may have been done.
  Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> apply(
      const xmpp::colibri2::ConferenceModify& request);

private:
  using Answer = xmpp::colibri2::EndpointAnswer;

  Result<Answer, xmpp::StanzaError> apply(const xmpp::colibri2::Endpoint& request);
  Result<Answer, xmpp::StanzaError> create(const xmpp::colibri2::Endpoint& request);
  void update(Endpoint& endpoint, const xmpp::colibri2::Endpoint& request);
  std::optional<xmpp::colibri2::Transport> restart_ice(Endpoint& endpoint,
                                                       const xmpp::colibri2::Transport& asked) const;
  xmpp::colibri2::Transport describe_transport(const Endpoint& endpoint,
                                               const transport::LocalDescription& local,
                                               const xmpp::colibri2::Transport& asked) const;
  std::string web_socket_url(const Endpoint& endpoint) const;
  std::vector<xmpp::colibri2::MediaSource> feedback_sources() const;

  Conference& conference_;
  const ConferenceSettings& settings_;
  TimePoint now_;
};

}  // namespace cloister::videobridge::conference
