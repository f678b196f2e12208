// Two shards as two bridges have them, on real sockets: relays find each other, several between the same two.
#include <gtest/gtest.h>

#include "support/run_until.h"
#include "videobridge/shard/shard.h"

namespace cloister::videobridge::shard {
namespace {

using xmpp::colibri2::ConferenceModify;
using xmpp::colibri2::Transport;

class TwoShards : public testing::Test, Shard::Listener {
protected:
  static constexpr std::uint16_t kRelayPorts = 2;

  std::unique_ptr<Shard> start(const std::string& relay_id) {
    ShardSettings settings;
    settings.udp.addresses = {SocketAddress::parse("127.0.0.1", 0).value()};
    settings.udp.more_ports = kRelayPorts;
    settings.candidates.include_loopback = true;
    settings.conference.relay_id = relay_id;
    auto started = Shard::start(settings, main, *this);
    return started ? std::move(*started) : nullptr;
  }
  ModifyResult ask(Shard& shard, ConferenceModify request) {
    std::optional<ModifyResult> answer;
    shard.modify(std::move(request), [&](const ModifyResult& result) { answer = result; });
    EXPECT_TRUE(support::run_until(main, [&] { return answer.has_value(); }));
    return *answer;
  }
  // A conference with one participant, who sends video.
  void create(Shard& shard, const std::string& meeting, const std::string& who) {
    ConferenceModify modify{.meeting_id = MeetingId(meeting), .create = true};
    xmpp::colibri2::Endpoint one{.id = EndpointId(who), .create = true};
    one.capabilities = {"source-names"};
    one.transport.emplace();
    modify.endpoints.push_back(std::move(one));
    ASSERT_TRUE(ask(shard, std::move(modify)));
  }
  ModifyResult relay(Shard& shard, const std::string& meeting, xmpp::colibri2::Relay relay) {
    ConferenceModify modify{.meeting_id = MeetingId(meeting)};
    modify.relays.push_back(std::move(relay));
    return ask(shard, std::move(modify));
  }
  xmpp::colibri2::Relay creation(const std::string& far, const std::string& behind, bool begins) {
    xmpp::colibri2::Relay one{.id = far, .create = true};
    one.transport = Transport{.ice_controlling = begins,
                              .use_unique_port = begins,
                              .sctp = xmpp::colibri2::Sctp{.role = begins ? "client" : "server"}};
    const SourceName name(behind + "-v0");
    one.endpoints.push_back(
        {.id = EndpointId(behind),
         .create = true,
         .sources = {{{.kind = MediaKind::video, .id = name, .sources = {{.ssrc = Ssrc{++ssrc}}}}}}});
    return one;
  }
  static xmpp::colibri2::Relay told(const std::string& far, const ModifyResult& answer, const char* setup) {
    Transport transport{.ice = answer->relays.at(0).transport->ice};
    transport.ice->fingerprints.at(0).setup = setup;
    return {.id = far, .transport = std::move(transport)};
  }
  void join(const std::string& meeting) {
    create(*here, meeting, "alice");
    create(*there, meeting, "bob");
    const auto ours = relay(*here, meeting, creation("there", "bob", true));
    const auto theirs = relay(*there, meeting, creation("here", "alice", false));
    ASSERT_TRUE(ours && theirs);
    ASSERT_TRUE(relay(*here, meeting, told("there", theirs, "active")));
    ASSERT_TRUE(relay(*there, meeting, told("here", ours, "passive")));
  }
  std::uint64_t heard(const Shard& shard) const {
    return shard.counters().conference.relay_messages_received.value();
  }

  void send_web_socket_text(conference::WebSocketHandle, std::string) override {}
  void close_web_socket(conference::WebSocketHandle, std::uint16_t) override {}
  void on_conference_ended(const MeetingId&) override {}

  net::Reactor main;
  std::unique_ptr<Shard> here = start("here");
  std::unique_ptr<Shard> there = start("there");
  std::uint32_t ssrc = 100;
};

// Each side tells the other at once how much it wants of the video behind it.
// Checklist: 211
TEST_F(TwoShards, FindEachOtherForEveryMeetingThatTheyShare) {
  ASSERT_TRUE(here && there);
  join("first");
  join("second");
  EXPECT_TRUE(support::run_until(main, [&] { return heard(*here) >= 2 && heard(*there) >= 2; }));
  create(*here, "third", "alice");
  const auto refused = relay(*here, "third", creation("there", "bob", true));
  ASSERT_FALSE(refused) << "all ports are taken";
  EXPECT_EQ(refused.error().condition, xmpp::ErrorCondition::resource_constraint);
  ASSERT_TRUE(relay(*here, "first", {.id = "there", .expire = true}));
  EXPECT_TRUE(relay(*here, "third", creation("there", "bob", true))) << "one is free again";
  EXPECT_EQ(here->counters().conference.relays.value(), 2);
}

}  // namespace
}  // namespace cloister::videobridge::shard
