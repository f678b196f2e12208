// The checks, one function each, in the order in which the doctor makes them: what others build on comes
// first. Each looks for itself and says in sentences what it saw.
#pragma once

#include "cli/doctor/finding.h"
#include "cli/doctor/patient.h"

namespace cloister::cli::doctor {

// Do the name's A and AAAA records lead here?
Findings check_names(const Patient& patient);
// Do the services that have to run, run? By systemd.
Findings check_services(const Patient& patient);
// Does everything listen where it has to, and nowhere else?
Findings check_ports(const Patient& patient);
// TLS handshake, certificate and its end.
Findings check_certificate(const Patient& patient);
// The page, what it may do, and what clients are told (config.js).
Findings check_page(const Patient& patient);
// XMPP over WebSocket up to the server's answer, and the way to the bridge's WebSockets.
Findings check_web_sockets(const Patient& patient);
// Which addresses participants are told for media, and whether the public ones are among them.
Findings check_media(const Patient& patient);
// An allocation at the relay with credentials of its secret; from outside, whether it answers.
Findings check_relay(const Patient& patient);
// Does the kernel hold the rules that the settings want?
Findings check_firewall(const Patient& patient);
// Clock, disk, memory, updates.
Findings check_machine(const Patient& patient);
// Two participants in a meeting, with sound and picture.
Findings check_call(const Patient& patient);

// The same from another machine that has the command: `ssh PEER cloister doctor --outside …`.
Findings check_from(const std::string& peer, const Patient& patient);

}  // namespace cloister::cli::doctor
