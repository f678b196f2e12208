// Whether a meeting is being stormed: too many newcomers in a short time, or from too many networks at once.
// Its host is helped then by a lobby, a limit on participants, and a ban of the busiest sources; for a while
// after, less is enough. Who comes is unknown here: networks are tags that say which are the same. In memory
// only. Focus thread; owned by its room.
//
//   calm ──too many──▶ strict ──two hours without another alarm──▶ calm
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "xmpp/stanzas.h"

namespace cloister::focus::rights {

// Part of focus.yaml (section `crowd`).
struct CrowdSettings {
  std::size_t joins = 50;           // more newcomers than these …
  std::size_t networks = 30;        // … or from more networks than these …
  Duration window = 60s;            // … within this long are an alarm
  std::size_t strict_percent = 50;  // of the two figures above, while strict
  Duration strict = 2h;             // after an alarm
  std::size_t most = 100;           // participants while strict; hosts and co-hosts come in anyway
  std::size_t ban_joins = 5;        // from one address within the window: that address is banned …
  Duration ban = 1h;                // … for so long; zero: nobody is
};

class Crowd {
public:
  explicit Crowd(const CrowdSettings& settings) : settings_(settings) {}

  // Newcomers at the door, let in or not; who was admitted, or signed in, is none. True: an alarm.
  bool on_arrivals(const std::vector<xmpp::Crowd::Network>& networks, TimePoint now);
  bool is_strict() const { return strict_until_.has_value(); }
  std::optional<TimePoint> next_wakeup() const { return strict_until_; }
  // True: calm again.
  bool on_wakeup(TimePoint now);

private:
  static constexpr std::size_t kMostRemembered = 5000;
  struct Arrival {
    TimePoint at{};
    std::string network;
    std::size_t joins = 0;
  };
  void remember(Arrival arrival);
  void forget_oldest();
  void forget_all();
  bool is_too_much() const;

  const CrowdSettings& settings_;
  std::deque<Arrival> recent_;
  std::size_t recent_joins_ = 0;
  std::unordered_map<std::string, std::size_t> recent_networks_;  // how many of recent_ came from each
  std::optional<TimePoint> strict_until_;
};

}  // namespace cloister::focus::rights
