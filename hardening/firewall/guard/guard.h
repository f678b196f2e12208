// Keeps the kernel's rules as the settings want them: sets them, puts them back when somebody else changed
// them, takes an unconfirmed change back, bans on request. It decides; sockets, files and time are outside.
//
//   settled ──apply──▶ on trial ──confirm──▶ settled (new rules)
//      ▲                  │ └─apply, reload─▶ on trial (the rules to go back to stay the same)
//      └──── time is up ──┘ (old rules)
//
// One thread. Addresses pass through and are wiped; they are kept by the kernel alone.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/settings.h"
#include "firewall/nft/kernel.h"
#include "firewall/policy/settings.h"
#include "firewall/protocol/request.h"

namespace cloister::firewall::guard {

struct StartError {
  enum class Reason : std::uint8_t { settings, kernel } reason;
  std::vector<std::string> lines;
};

class Guard {
public:
  // Reads the settings file again.
  using Load = std::function<Result<policy::Settings, SettingsError>()>;
  Guard(nft::Kernel& kernel, const Clock& clock, Load load);

  // Rules stand when this succeeds.
  Result<void, StartError> start();

  // Whether the guard listens to this user at all.
  bool knows(std::uint32_t user) const;
  protocol::Answer on_request(const protocol::Request& request, std::uint32_t user);
  // The operator's signal: as the request of that name.
  void reload();
  // Somebody changed some rules; perhaps ours.
  void check();
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup();

private:
  struct Policy {
    policy::Settings settings;
    policy::Ruleset rules;
  };
  struct Trial {
    Policy before;
    TimePoint until;
  };

  protocol::Answer perform(const protocol::Request& request);
  protocol::Answer status();
  protocol::Answer ban(const protocol::Request& request);
  protocol::Answer unban(const protocol::Request& request);
  protocol::Answer change(protocol::Kind kind);
  protocol::Answer confirm();
  bool may_be_banned(const SocketAddress& address) const;
  Result<bool, SystemError> bring_into_force();
  void take_back();
  void say_restored();
  std::uint32_t seconds_to_confirm() const;

  nft::Kernel& kernel_;
  const Clock& clock_;
  Load load_;
  Policy wanted_;
  std::optional<Trial> trial_;
  std::optional<TimePoint> retry_at_;  // the kernel did not take the rules: then again
  std::optional<TimePoint> said_at_;   // the last line about restored rules
  std::uint32_t restored_ = 0;
};

}  // namespace cloister::firewall::guard
