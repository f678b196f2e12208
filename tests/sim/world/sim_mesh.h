// Several bridges that look like one to the focus: each participant is on one of them, and between any two of
// a meeting there is a relay, made and kept as protocol/focus.md §5.5 has it. With one bridge it only passes
// on. A focus that spreads its meetings itself asks each one.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "world/sim_bridge.h"

namespace cloister::sim {

// Who decides which participant is on which bridge, and joins these.
enum class Spread : std::uint8_t { by_world, by_focus };

class SimMesh {
public:
  // They outlive it.
  explicit SimMesh(std::vector<SimBridge*> bridges) : bridges_(std::move(bridges)) {}

  // Where somebody will be; else on the first.
  void assign(const EndpointId& endpoint, std::size_t bridge) { places_[endpoint] = bridge; }
  ModifyResult modify(const xmpp::colibri2::ConferenceModify& request);
  // Of one alone; nothing while it is dead.
  std::optional<ModifyResult> modify(std::size_t bridge, const xmpp::colibri2::ConferenceModify& request);
  std::size_t size() const { return bridges_.size(); }
  const std::string& relay_id(std::size_t bridge) const { return bridges_[bridge]->relay_id(); }
  std::size_t place_of(const EndpointId& endpoint) const;
  // The bridge has died: the others are told to forget it.
  void drop(std::size_t bridge);

private:
  struct Meeting {
    std::map<std::size_t, std::map<EndpointId, std::vector<xmpp::colibri2::MediaSource>>>
        members;  // by bridge
    std::vector<xmpp::colibri2::Media> media;
  };
  using Request = xmpp::colibri2::ConferenceModify;

  ModifyResult modify_one(const Request& request, const xmpp::colibri2::Endpoint& endpoint);
  void connect(const Request& request, Meeting& meeting, std::size_t a, std::size_t b);
  void mirror(const Request& request, Meeting& meeting, std::size_t from, xmpp::colibri2::Endpoint change);
  void leave(const Request& request, Meeting& meeting, std::size_t bridge);
  xmpp::colibri2::RelayAnswer relay(const MeetingId& meeting, std::size_t on, xmpp::colibri2::Relay relay);

  std::vector<SimBridge*> bridges_;
  std::map<EndpointId, std::size_t> places_;
  std::map<MeetingId, Meeting> meetings_;
};

}  // namespace cloister::sim
