#include "forward/sdp.h"

#include <fmt/core.h>

#include <sstream>

namespace cloister::bench {
namespace {

using namespace videobridge::transport;

// "candidate:foundation component protocol priority ip port typ type …" (RFC 8839 §5.1).
std::optional<Candidate> parse_candidate(const std::string& text) {
  std::istringstream in(text);
  std::string foundation, component, protocol, ip, typ, type;
  std::uint32_t priority = 0;
  std::uint16_t port = 0;
  in >> foundation >> component >> protocol >> priority >> ip >> port >> typ >> type;
  const auto address = SocketAddress::parse(ip, port);
  if (!in || component != "1" || (protocol != "udp" && protocol != "UDP") || !address) return std::nullopt;
  return Candidate{.address = *address, .base = *address, .priority = priority, .foundation = foundation};
}

}  // namespace

RemoteSdp parse_sdp(const std::string& sdp) {
  RemoteSdp out;
  std::istringstream lines(sdp);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const auto value = [&line](std::string_view name) -> std::optional<std::string> {
      if (!line.starts_with(name)) return std::nullopt;
      return line.substr(name.size());
    };
    if (const auto ufrag = value("a=ice-ufrag:")) out.transport.ufrag = *ufrag;
    if (const auto pwd = value("a=ice-pwd:")) out.transport.pwd = *pwd;
    if (const auto mid = value("a=mid:")) out.mid = *mid;
    if (const auto media = value("m=video ")) {
      const auto last = media->find("SAVPF ");
      if (last != std::string::npos)
        out.payload_type = static_cast<std::uint8_t>(std::stoi(media->substr(last + 6)));
    }
    if (const auto fingerprint = value("a=fingerprint:")) {
      const auto space = fingerprint->find(' ');
      out.transport.fingerprints = {
          {.hash = fingerprint->substr(0, space), .value = fingerprint->substr(space + 1)}
      };
    }
    if (const auto text = value("a=candidate:"))
      if (auto candidate = parse_candidate(*text)) out.transport.candidates.push_back(std::move(*candidate));
  }
  out.transport.setup = Setup::passive;
  return out;
}

std::string write_sdp(const LocalDescription& local, std::uint8_t payload_type, const std::string& mid,
                      std::optional<Ssrc> sends) {
  const Candidate& own = local.candidates.front();
  std::string out = fmt::format(
      "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {0}\r\n"
      "m=video 9 UDP/TLS/RTP/SAVPF {1}\r\nc=IN IP4 0.0.0.0\r\na=mid:{0}\r\na={2}\r\na=rtcp-mux\r\n"
      "a=ice-ufrag:{3}\r\na=ice-pwd:{4}\r\na=fingerprint:{5} {6}\r\na=setup:active\r\n"
      "a=rtpmap:{1} VP8/90000\r\na=rtcp-fb:{1} nack\r\na=rtcp-fb:{1} nack pli\r\na=rtcp-fb:{1} ccm fir\r\n",
      mid, payload_type, sends ? "sendonly" : "recvonly", local.ufrag, local.pwd, local.fingerprint.hash,
      local.fingerprint.value);
  if (sends) out += fmt::format("a=ssrc:{} cname:bench\r\n", raw(*sends));
  out += fmt::format("a=candidate:1 1 udp {} {} {} typ host\r\na=end-of-candidates\r\n", own.priority,
                     own.address.ip_text_for_wire(), own.address.port());
  return out;
}

}  // namespace cloister::bench
