// The real focus without XMPP: its rooms, its choice of bridges, and between them and the participants a
// mailbox in place of the stanzas. What is posted arrives with the next step of the simulation.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "focus/room/room.h"
#include "world/sim_mesh.h"

namespace cloister::sim {

class SimFocus final : focus::bridges::BridgeList::Port {
public:
  using Answer = focus::room::Calls::Answer;

  // A participant's side of its Jingle session.
  struct Client {
    virtual ~Client() = default;
    virtual const EndpointId& id() const = 0;
    virtual bool uses_data_channel() const = 0;
    // The answer to an offer, if it is one.
    virtual std::optional<xmpp::jingle::Jingle> on_jingle(const xmpp::jingle::Jingle& message) = 0;
  };

  SimFocus(SimMesh& bridges, Spread spread, const support::FakeClock& clock);
  ~SimFocus() override;

  // Presence in the room, which opens with the first.
  void join(const std::string& room, Client& client);
  void leave(const std::string& room, Client& client);
  // The client hears and says nothing any more; its presence stays.
  void cut_off(const std::string& room, Client& client);

  // One that is open.
  focus::room::Room& room(const std::string& name);

  // Its presence in the brewery ends.
  void lose_bridge(std::size_t bridge);

  bool has_mail() const { return !mail_.empty(); }
  void deliver();
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup();

  // Of rooms that open from now on.
  focus::room::RoomSettings& settings() { return settings_; }
  std::size_t rooms() const { return rooms_.size(); }
  const focus::room::Counters& counters() const { return counters_; }

private:
  class Host;

  void check_health(const xmpp::Jid& bridge) override;
  void on_bridge_available() override {}
  void on_bridge_lost(const xmpp::Jid& bridge) override;
  bool relieve(const xmpp::Jid&) override { return false; }

  SimMesh& mesh_;
  const Spread spread_;
  const support::FakeClock& clock_;
  focus::room::RoomSettings settings_;
  focus::bridges::BridgeList bridges_;
  focus::room::FeaturesCache features_;
  focus::room::Counters counters_;
  std::map<std::string, std::shared_ptr<Host>> rooms_;
  std::uint64_t meetings_ = 0;
  std::deque<std::function<void()>> mail_;
};

}  // namespace cloister::sim
