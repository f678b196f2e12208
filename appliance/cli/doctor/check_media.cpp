#include <fmt/core.h>

#include <algorithm>

#include "cli/doctor/checks.h"
#include "cli/doctor/names.h"
#include "cli/machine/totals.h"
#include "net/web_visit.h"
#include "videobridge/app/doctor.h"
#include "videobridge/app/media_addresses.h"

namespace cloister::cli::doctor {
namespace {

namespace bridge = videobridge::app;
using videobridge::transport::Candidate;

bool bridge_runs(std::uint16_t port) {
  const auto page = net::visit({.at = SocketAddress::v4({127, 0, 0, 1}, port),
                                .host = "127.0.0.1",
                                .tls = false,
                                .target = "/about/health"});
  return page && page->response.status == 200;
}

// The bridge's own diagnosis. A port that the running bridge holds is no fault.
Findings diagnosed(const Patient& patient) {
  bridge::Findings seen = bridge::examine(*patient.media);
  const bool runs = bridge_runs(patient.bridge_http);
  if (runs) std::erase_if(seen.ports, [](const auto& one) { return one.error == std::errc::address_in_use; });
  Findings out;
  for (const std::string& line : bridge::diagnose(*patient.media, seen).lines) {
    constexpr std::size_t kWords = 10;  // where they begin, behind what kind they are
    if (line.starts_with("  FAULT   ")) {
      out.push_back(error(line.substr(kWords), "cloister-bridge --doctor shows all of its addresses."));
    } else if (line.starts_with("  advice  ")) {
      out.push_back(note(line.substr(kWords)));
    } else if (line.starts_with("          ") && !out.empty()) {
      out.back().what += " " + line.substr(kWords);
    }
  }
  if (!runs && patient.bridge_http != 0)
    out.push_back(
        error("The bridge does not say that it is well.",
              "systemctl restart cloister-bridge; journalctl -u cloister-bridge says why it ended."));
  return out;
}

std::vector<SocketAddress> told(const Patient& patient) {
  const bridge::MediaSettings& media = *patient.media;
  std::vector<SocketAddress> listening = bridge::listening_addresses(media, net::local_addresses());
  for (SocketAddress& one : listening) one = one.with_port(media.port);
  std::vector<SocketAddress> out;
  for (const Candidate& one :
       videobridge::transport::make_candidates(listening, bridge::candidate_settings(media, 0)))
    if (!one.on_request) out.push_back(one.address.with_port(0));
  return out;
}

Finding compare(const Patient& patient, IpFamily family) {
  const char* const version = family == IpFamily::v4 ? "IPv4" : "IPv6";
  const auto known = look_up(patient.host(), family);
  if (!known || known->empty())
    return note(fmt::format("{} of participants was not compared: no record.", version));
  const auto candidates = told(patient);
  const auto is_told = [&](const SocketAddress& one) {
    return std::ranges::find(candidates, one) != candidates.end();
  };
  if (std::ranges::any_of(*known, is_told))
    return ok(fmt::format("Participants are told the public {} address for media.", version));
  return error(
      fmt::format("Participants are not told {}, by which the world knows this server: over {} there will be "
                  "neither sound nor picture.",
                  known->front().ip_text_for_wire(), version),
      "Behind NAT, name that address in cloister_public_addresses and run the playbook again, --tags bridge. "
      "Else the name's record is wrong.");
}

}  // namespace

Findings check_media(const Patient& patient) {
  if (!patient.media) return {note("Media was not looked at: " + patient.media.error())};
  Findings out = diagnosed(patient);
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) out.push_back(compare(patient, family));
  return out;
}

}  // namespace cloister::cli::doctor
