// What the conferences of one shard need from the world. The shard makes it once; it outlives them all.
#pragma once

#include <vector>

#include "net/outbox.h"
#include "videobridge/conference/environment/conference_settings.h"
#include "videobridge/conference/environment/counters.h"
#include "videobridge/conference/environment/relay_ports.h"
#include "videobridge/conference/environment/web_socket_port.h"
#include "videobridge/transport/dtls/certificate.h"
#include "videobridge/transport/peer_table.h"

namespace cloister::videobridge::conference {

struct ShardEnvironment {
  net::Outbox& outbox;
  transport::PeerTable& peers;
  transport::Drops& transport_drops;
  transport::CertificateSource& certificates;
  const std::vector<transport::Candidate>& candidates;  // ours, best first
  const ConferenceSettings& settings;                   // may change between two calls of the table
  WebSocketPort& web_sockets;
  Counters& counters;
  RelayPorts* relay_ports = nullptr;  // none: relays share the port of the participants
};

}  // namespace cloister::videobridge::conference
