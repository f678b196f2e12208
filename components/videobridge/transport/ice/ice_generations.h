// The ICE agents of one transport: the one that media goes by and, while an ICE restart is under way, its
// successor (make before break, protocol/bridge.md §3.6). Shard thread only.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "videobridge/transport/ice/ice_agent.h"

namespace cloister::videobridge::transport {

class IceGenerations {
public:
  static constexpr Duration kRestartTimeout = 20s;  // then the successor is given up and all stays as it was
  static constexpr Duration kTransition = 3s;  // a predecessor still answers for so long after the cut-over

  // `local`'s credentials are filled in.
  IceGenerations(bool controlling, LocalDescription local, net::Outbox& out, Drops& drops);

  // Of the agent in use; with an ice_generation once a restart has succeeded.
  const LocalDescription& local() const { return current_->local; }
  // Begins a successor with credentials of its own, or repeats the one that is under way. The agent in use
  // goes on, and is left when the peer, with its new credentials, has made a pair of the successor work.
  const LocalDescription& restart(TimePoint now);
  bool is_restarting() const { return next_ != nullptr; }

  // With an ice_generation it is for that agent, or for nobody when there is none such. Without one, what
  // belongs to other credentials than those in use is ignored.
  void set_remote(const RemoteDescription& remote, TimePoint now);

  IceAgent::Proof on_stun(Bytes datagram, const net::Path& from, TimePoint now);
  void on_media(const net::Path& from, TimePoint now) { current_->agent.on_media(from, now); }

  IceAgent::State state() const { return current_->agent.state(); }
  const std::optional<net::Path>& selected() const { return current_->agent.selected(); }
  std::optional<Duration> rtt() const { return current_->agent.rtt(); }

  // What a datagram from an unknown address can name us by: each agent's username fragment and the first
  // bytes of its transaction ids.
  struct Identity {
    std::string_view fragment;
    std::uint32_t tag = 0;
  };
  std::vector<Identity> identities() const;

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now);

private:
  struct Generation {
    Generation(bool controlling, LocalDescription description, net::Outbox& out, Drops& drops)
        : local(std::move(description)), agent(controlling, local, out, drops) {}
    LocalDescription local;
    IceAgent agent;
  };

  IceAgent& addressee(Bytes datagram);
  void settle(TimePoint now);

  net::Outbox& out_;
  Drops& drops_;
  std::unique_ptr<Generation> current_;
  std::unique_ptr<Generation> next_;
  std::unique_ptr<Generation> previous_;
  TimePoint give_up_next_{};
  TimePoint drop_previous_{};
  std::uint32_t last_generation_ = 0;
};

}  // namespace cloister::videobridge::transport
