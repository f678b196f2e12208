// As much of SDP as one video stream over one transport needs (RFC 8866, RFC 8829), for products that take
// nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.h"
#include "videobridge/transport/model/description.h"

namespace cloister::bench {

struct RemoteSdp {
  videobridge::transport::RemoteDescription transport;
  std::uint8_t payload_type = 0;  // the first one
  std::string mid;
};

RemoteSdp parse_sdp(const std::string& sdp);

// VP8 under `payload_type`; `sends`: what we send, else we receive. We are the DTLS client.
std::string write_sdp(const videobridge::transport::LocalDescription& local, std::uint8_t payload_type,
                      const std::string& mid, std::optional<Ssrc> sends);

}  // namespace cloister::bench
