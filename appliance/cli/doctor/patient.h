// Whom the doctor looks at, and from where.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/personal.h"
#include "base/socket_address.h"
#include "cli/machine/installation.h"
#include "videobridge/app/settings.h"

namespace cloister::cli::doctor {

// Who may open meetings, and lets the doctor try one.
struct HostAccount {
  std::string name;
  Personal<std::string> password;
};

struct Patient {
  machine::Installation installation{};  // from outside: the public part only
  bool outside = false;                  // looked at from another machine
  // The bridge's settings; a sentence when there are none.
  Result<videobridge::app::MediaSettings, std::string> media = fail(std::string("not looked for"));
  std::uint16_t bridge_http = 0;
  std::string channel_url{};  // of the bridge channel over WebSockets; empty: it is off
  std::optional<HostAccount> host_account{};
  std::vector<SocketAddress> own{};  // addresses of this machine, without port

  const std::string& host() const { return installation.open.host; }
  // "meet.example.org", or with the port when that is not the usual one.
  std::string authority() const;
  // Where the web server is looked for: on this machine itself, or by DNS from outside.
  std::vector<SocketAddress> web_servers() const;
};

}  // namespace cloister::cli::doctor
