// A client of TURN (RFC 8656) that wants one thing: to know whether it would get a relay.
#pragma once

#include <array>
#include <chrono>
#include <string>

#include "base/personal.h"
#include "base/result.h"
#include "base/socket_address.h"

namespace cloister::cli::doctor {

// Short-lived credentials out of a secret that relay and XMPP server share: the name is the time at which
// they end, the password base64(HMAC-SHA1(secret, name)) (draft-uberti-behave-turn-rest-00 §2.2).
struct RelayCredentials {
  std::string name;
  Personal<std::string> password;
};
RelayCredentials make_credentials(const Personal<std::string>& secret,
                                  std::chrono::system_clock::time_point end);

// MD5(name:realm:password): the key of long-term credentials (RFC 8489 §9.2.2).
std::array<std::byte, 16> long_term_key(const std::string& name, std::string_view realm,
                                        const Personal<std::string>& password);

// Takes an allocation over UDP and gives it back. The relayed address; else a sentence that says why not.
Result<SocketAddress, std::string> try_allocation(const SocketAddress& relay,
                                                  const RelayCredentials& credentials);
// Whether somebody answers a STUN request there at all.
Result<void, std::string> ask_binding(const SocketAddress& relay);

}  // namespace cloister::cli::doctor
