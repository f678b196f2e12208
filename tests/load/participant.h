// One participant of the load: joins through XMPP like a browser, then sends and receives. One thread, that
// of its worker.
//
//   signing in ─▶ asking (the focus for a conference) ─▶ entering (the room) ─▶ waiting (for the offer)
//              ─▶ connecting (ICE, DTLS, channel) ─▶ in the call ─▶ over
//
// Outside, for the host to begin or, in the lobby, to be let in, it waits where the plan says so; from there
// it asks, or enters, again.
#pragma once

#include <optional>
#include <string>

#include "load/guest.h"
#include "load/media.h"
#include "load/offer.h"
#include "xmpp/muc.h"

namespace cloister::load {

struct Role {
  int number = 0;  // from 1
  bool talks = false;
  int layers = 0;  // of the camera; 0: none
  bool hosts = false;
};

// The same for all.
struct Plan {
  Server server;
  net::Trust trust = net::Trust::system();
  std::string room;
  int stage_height = 720;  // asked for of one sender's video
  int tile_height = 180;   // of the others'
  bool loopback_only = true;
  bool data_channel = true;
  bool media = true;              // else it is in the call when its answer to the offer was taken
  std::string name{};             // of all, before the number
  Duration wait{};                // outside
  bool come_again = false;        // once, when removed
  std::optional<Account> host{};  // of who opens the meeting; none: whoever comes first
};

class Participant final : Guest::Listener, Media::Listener {
public:
  enum class State : std::uint8_t {
    signing_in,
    asking,
    outside,
    entering,
    waiting,
    connecting,
    in_call,
    over
  };

  Participant(const Plan& plan, const Ground& ground, Role role);
  ~Participant() override;

  State state() const { return state_; }
  // What went wrong, each as a sentence that names nobody.
  const std::vector<std::string>& errors() const { return errors_; }
  Duration time_to_join() const { return joined_ - began_; }
  TimePoint joined() const { return joined_; }
  int number() const { return role_.number; }
  bool talks() const { return role_.talks; }
  bool sends_video() const { return role_.layers > 0; }

  void tick(TimePoint now);
  void start_measuring(TimePoint now);
  Received received(TimePoint now) const;
  void leave();

private:
  using Element = xmpp::xml::Element;

  // Guest::Listener
  void on_online() override;
  bool wants_presence(std::string_view text) const override;
  void on_presence(const Element& presence) override;
  void on_message(const Element& message) override;
  void on_request(const Element& iq) override;
  void on_offline(const std::string& why) override { fail(why); }
  // Media::Listener
  void on_media_connected() override;
  void on_channel_open() override;
  void on_channel_message(std::string_view text) override;
  void on_channel_lost() override { fail("the bridge ended the channel"); }
  void on_media_failed(videobridge::transport::TransportFailure why) override;

  void ask_for_conference();
  void on_conference(const Guest::Answer& answer);
  bool may_wait();
  void wait_for_host();
  void knock(const std::string& lobby);
  void on_lobby(const xmpp::MucPresence& presence);
  void enter();
  void on_removed();
  Element first_presence(const xmpp::Jid& occupant) const;
  void on_jingle(const Element& iq, const xmpp::jingle::Jingle& message);
  void hang_up();
  void await_offer();
  void take_offer(const xmpp::jingle::Jingle& offer);
  void open_channel(const Offer& offer);
  void send_to_bridge(std::string_view text);
  void watch(const std::map<EndpointId, sim::OtherSources>& sources);
  void send_constraints();
  void check_connected();
  void on_in_call();
  void fail(std::string why);
  void end();

  const Plan& plan_;
  const Ground& ground_;
  const Role role_;
  State state_ = State::signing_in;
  std::vector<std::string> errors_;
  TimePoint began_;
  TimePoint joined_{};
  Guest guest_;
  net::Timer retry_;
  Duration retry_after_ = 1s;
  xmpp::Jid occupant_;
  xmpp::Jid in_lobby_;  // as whom; empty: never was
  std::optional<TimePoint> outside_since_;
  bool was_removed_ = false;
  support::Participant as_;
  std::string sid_;
  std::unique_ptr<Media> media_;
  std::unique_ptr<ChannelSocket> channel_;  // where there is no data channel
  bool media_connected_ = false;
  bool measuring_ = false;
  bool channel_open_ = false;
  std::optional<SourceName> stage_;  // the video that is asked for in full
};

}  // namespace cloister::load
