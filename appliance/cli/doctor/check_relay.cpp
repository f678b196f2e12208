#include <fmt/core.h>

#include <fstream>

#include "cli/doctor/checks.h"
#include "cli/doctor/names.h"
#include "cli/doctor/relay.h"

namespace cloister::cli::doctor {
namespace {

constexpr std::uint16_t kUsualPort = 3478;

// As DNS says; on the machine itself its own address, should the name lead elsewhere.
std::optional<SocketAddress> address_of(const Patient& patient, const std::string& host, std::uint16_t port) {
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const auto found = look_up(host, family);
    if (found && !found->empty()) return found->front().with_port(port);
  }
  if (patient.outside || patient.own.empty()) return std::nullopt;
  return patient.own.front().with_port(port);
}

Finding look_from_outside(const Patient& patient) {
  const auto at = address_of(patient, patient.host(), kUsualPort);
  if (!at) return note("The relay was not tried: its name leads nowhere.");
  const auto answered = ask_binding(*at);
  if (answered) return ok(fmt::format("The relay answers on {}/udp.", kUsualPort));
  return note(fmt::format("No relay answers on {}/udp: {}. Right, if the server has none.", kUsualPort,
                          answered.error()));
}

}  // namespace

Findings check_relay(const Patient& patient) {
  if (patient.outside) return {look_from_outside(patient)};
  const machine::RelaySettings& relay = patient.installation.relay;
  if (!relay.enabled)
    return {note("There is no relay: people whose network lets no UDP through cannot connect.")};
  std::ifstream in(relay.secret_file);
  std::string secret;
  if (!std::getline(in, secret) || secret.empty())
    return {
        warning(fmt::format("The relay was not tried: its secret, {}, cannot be read.", relay.secret_file),
                "Run this as root.")};
  const auto at = address_of(patient, relay.host, relay.port);
  if (!at)
    return {
        error(fmt::format("The relay's name {} leads nowhere.", relay.host), "Give the name an A record.")};
  const auto credentials = make_credentials(Personal<std::string>(std::move(secret)),
                                            std::chrono::system_clock::now() + std::chrono::minutes(5));
  const auto relayed = try_allocation(*at, credentials);
  if (relayed)
    return {ok(fmt::format("The relay (TURN, {}/udp) gives an address to relay from.", relay.port))};
  return {error(
      fmt::format("The relay (TURN, {}/udp) does not work: {}.", relay.port, relayed.error()),
      "systemctl restart coturn. If it refuses passwords, it and the XMPP server have different secrets: run "
      "the playbook again, --tags turn,prosody.")};
}

}  // namespace cloister::cli::doctor
