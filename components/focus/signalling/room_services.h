// All services of one room: brings them what happens there, and carries their decisions out as messages and
// through RoomControl. Decides nothing itself. Focus thread; Services owns it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "focus/room/rate_limit.h"
#include "focus/services/av_moderation.h"
#include "focus/services/breakout_rooms.h"
#include "focus/services/polls.h"
#include "focus/services/room_metadata.h"
#include "focus/services/speaker_statistics.h"
#include "focus/signalling/room_control.h"
#include "net/timer.h"

namespace cloister::focus::signalling {

enum class ServiceKind : std::uint8_t {
  av_moderation,
  end_conference,
  room_metadata,
  speaker_stats,
  polls,
  breakout_rooms
};
inline constexpr std::size_t kServices = 6;

class RoomServices final : private services::AvModeration::Port,
                           private services::RoomMetadata::Port,
                           private services::Polls::Port,
                           private services::BreakoutRooms::Port {
public:
  // Of one person to one room's services, commands of all kinds together.
  static constexpr room::RateLimit::Rate kCommands{.gap = Duration{}, .most = 120, .window = 60s};

  // What it needs of all rooms together.
  struct Port {
    virtual ~Port() = default;
    // Nothing happens when the service is off.
    virtual void say(ServiceKind as, const xmpp::Jid& to, const xmpp::Jid& room,
                     const Personal<std::string>& json) = 0;
    // Another conference; null: it is not open.
    virtual RoomServices* find(const xmpp::Jid& room) = 0;
  };
  struct Place {
    xmpp::Jid room{};
    std::optional<xmpp::Jid> main{};  // of a breakout room
    std::string breakout_domain{};    // empty: there are no breakout rooms
  };

  RoomServices(net::Reactor& reactor, const Clock& clock, Place place, RoomControl& control, Port& port);

  void on_open();
  services::Roster::Update on_occupant(const xmpp::MucPresence& presence);
  // The conference is over.
  void on_over();

  // A message of `from`, who is in this room.
  services::Answer on_message(const services::Person& from, ServiceKind to,
                              const xmpp::ServiceContent& content);

  const xmpp::Jid& room() const { return place_.room; }
  const std::optional<xmpp::Jid>& main() const { return place_.main; }
  const services::Roster& people() const { return people_; }
  const services::BreakoutRooms& breakouts() const { return breakouts_; }

private:
  void tell(const services::Person& to, const services::Moderated& moderated) override;
  void tell(const services::Person& to, const services::AllowList& list) override;
  void tell(const services::Person& to, const services::Verdict& verdict) override;
  void restrain(const std::map<EndpointId, room::MaySend>& people) override { control_.restrain(people); }
  void ask_to_mute(const EndpointId& whom, services::MediaKindOf what) override;
  void on_moderated(services::MediaKindOf what, bool enabled) override;

  void on_metadata(const services::RoomMetadata& metadata) override;
  void on_start_muted(const room::PerKind& kinds) override { control_.set_start_muted(kinds); }
  services::Answer change_policy(const services::Person& by,
                                 const std::map<std::string, bool>& switches) override;
  rights::Policy policy() const override { return control_.policy(); }

  void on_asked(const services::Poll& poll) override;
  void on_answered(const services::Poll& poll, const EndpointId& voter) override;

  void broadcast(const services::BreakoutRooms& rooms) override;
  void send_to_room(const xmpp::Jid& person, const xmpp::Jid& room) override;
  void destroy(const xmpp::Jid& room) override;
  void keep_main(room::Kept kept) override { control_.keep(kept); }

  void welcome(const services::Person& person);
  void on_left(const services::Person& person);
  bool take_turn(const services::Person& from);
  services::Answer on_command(const services::Person& from, const xmpp::JsonMessage& message);
  services::Answer on_command(const services::Person& from, const xmpp::AvModerationCommand& command);
  services::Answer on_command(const services::Person& from, const xmpp::RoomMetadataCommand& command);
  services::Answer on_command(const services::Person& from, const xmpp::DominantSpeakerReport& report);
  services::Answer on_command(const services::Person& from, const xmpp::EndConferenceCommand& command);
  services::Answer on_command(const services::Person& from, const xmpp::BreakoutCommand& command);
  // The services of the whole meeting, when this is a breakout room.
  RoomServices& of_the_meeting();
  void say_to_all(ServiceKind as, const Personal<std::string>& json);
  void arm();

  const Clock& clock_;
  const Place place_;
  RoomControl& control_;
  Port& port_;
  services::Roster people_;
  services::AvModeration moderation_;
  services::RoomMetadata metadata_;
  std::optional<TimePoint> metadata_changed_;
  services::SpeakerStatistics speakers_;
  services::Polls polls_;
  services::BreakoutRooms breakouts_;
  std::map<EndpointId, room::RateLimit> turns_;
  net::Timer timer_;
};

}  // namespace cloister::focus::signalling
