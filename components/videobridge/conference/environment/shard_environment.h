// What the conferences of one shard need from the world. The shard makes it once; it outlives them all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/outbox.h"
#include "videobridge/bandwidth/priority.h"
#include "videobridge/conference/environment/counters.h"
#include "videobridge/conference/environment/web_socket_port.h"
#include "videobridge/transport/dtls/certificate.h"
#include "videobridge/transport/peer_table.h"

namespace cloister::videobridge::conference {

struct ConferenceSettings {
  std::string
      web_socket_url{};  // base of the bridge channel without a slash at the end; empty: no WebSockets
  bool sctp = true;      // data channel when the focus asks for it
  std::size_t max_endpoints = 1000;  // per conference; more are refused
  bandwidth::LastNLimits last_n{};
  std::size_t loudest = 10;  // voices that are heard at a time, where more send; 0: all
  // Assumed downlink of every receiver, bit/s; absent: unlimited. Stands in for an estimate.
  std::optional<std::int64_t> bandwidth{};
};

struct ShardEnvironment {
  net::Outbox& outbox;
  transport::PeerTable& peers;
  transport::Drops& transport_drops;
  transport::CertificateSource& certificates;
  const std::vector<transport::Candidate>& candidates;  // ours, best first
  const ConferenceSettings& settings;
  WebSocketPort& web_sockets;
  Counters& counters;
};

}  // namespace cloister::videobridge::conference
