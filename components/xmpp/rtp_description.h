// What Jingle and Colibri2 both say of RTP and ICE: XEP-0167 (RTP sessions), XEP-0176 (ICE-UDP), XEP-0320
// (DTLS-SRTP), XEP-0294 (header extensions), XEP-0293 (feedback), XEP-0339 (sources), with Jitsi's additions
// (protocol/focus.md §4, bridge.md §2.2). Values only: no XML, no gloox.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/personal.h"

namespace cloister::xmpp {

struct Parameter {
  std::string name{};  // empty: a bare value (RED's "111/111")
  std::string value{};
  friend bool operator==(const Parameter&, const Parameter&) = default;
};

struct RtcpFeedback {
  std::string type{};     // "nack", "ccm", "transport-cc", "goog-remb"
  std::string subtype{};  // "pli", "fir" or empty
  friend bool operator==(const RtcpFeedback&, const RtcpFeedback&) = default;
};

struct PayloadType {
  std::uint8_t id = 0;
  std::string name{};
  std::uint32_t clockrate = 0;  // Hz
  std::uint8_t channels = 1;
  std::vector<Parameter> parameters{};
  std::vector<RtcpFeedback> feedback{};
  friend bool operator==(const PayloadType&, const PayloadType&) = default;
};

struct HeaderExtension {
  std::uint8_t id = 0;
  std::string uri{};
  bool declined = false;  // senders="none" (XEP-0294): what was offered is not used
  friend bool operator==(const HeaderExtension&, const HeaderExtension&) = default;
};

struct Candidate {
  std::string id{};
  std::string foundation{};
  std::uint8_t component = 1;
  std::uint8_t generation = 0;
  std::uint8_t network = 0;
  std::string protocol = "udp";
  std::uint32_t priority = 0;
  Personal<std::string> ip{};  // an address, or a host name that we do not resolve
  std::uint16_t port = 0;
  std::string type = "host";  // host, srflx, prflx, relay
  std::optional<Personal<std::string>> related_ip{};
  std::uint16_t related_port = 0;
  std::string tcp_type{};
};

struct Fingerprint {
  std::string hash{};   // "sha-256", lower case
  std::string setup{};  // "actpass", "active", "passive" or empty
  std::string value{};  // upper-case hex with colons
  bool required = false;
  bool cryptex = false;
};

// Element <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1'>.
struct IceUdpTransport {
  std::string ufrag{};
  std::string pwd{};
  std::optional<std::uint32_t> ice_generation{};
  bool rtcp_mux = false;
  std::vector<Candidate> candidates{};
  std::vector<Fingerprint> fingerprints{};
  std::vector<Personal<std::string>> web_sockets{};  // URLs with the endpoint's secret
  // XEP-0343 sctpmap (Jingle only): the port, when a data channel is offered.
  std::optional<std::uint16_t> sctp_port{};
};

enum class VideoType : std::uint8_t { camera, desktop };

// One <source> (XEP-0339 with Jitsi's name, videoType, msid, owner).
struct Source {
  Ssrc ssrc{};
  SourceName name{};
  std::string msid{};   // "stream track"; empty when absent
  std::string owner{};  // endpoint id, from <ssrc-info>; empty when absent
  VideoType video_type = VideoType::camera;
  friend bool operator==(const Source&, const Source&) = default;
};

struct SourceGroup {
  std::string semantics{};  // "FID", "SIM", "FEC-FR"
  std::vector<Ssrc> ssrcs{};
  friend bool operator==(const SourceGroup&, const SourceGroup&) = default;
};

}  // namespace cloister::xmpp
