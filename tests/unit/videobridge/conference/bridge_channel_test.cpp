// What goes over the bridge channels of a conference (protocol/bridge.md §8).
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "simulation.h"
#include "videobridge/conference/conference_table.h"

namespace cloister::videobridge::conference {
namespace {

std::string class_of(const std::string& text) {
  return text.empty() ? "closed" : std::string(boost::json::parse(text).at("colibriClass").as_string());
}

// A participant whose channel is a WebSocket.
struct WebSocketClient {
  WebSocketClient(Simulation& sim_, const std::string& id)
      : sim(sim_), participant(sim.join(id, {.data_channel = false})) {}

  ChannelAddress address() {
    Endpoint* endpoint = sim.conference()->find(participant.id());
    return {.conference = sim.conference()->id(),
            .endpoint = endpoint->id().expose(),
            .password = endpoint->password()};
  }
  void open(std::uint64_t number) {
    sim.web_socket_events.clear();
    EXPECT_TRUE(sim.table->on_web_socket_open(address(), WebSocketHandle{number}, sim.now));
  }
  void say(std::uint64_t number, std::string_view text) {
    sim.table->on_web_socket_text(WebSocketHandle{number}, text, sim.now);
  }

  Simulation& sim;
  Participant& participant;
};

ConferenceSettings with_web_sockets() { return {.web_socket_url = "wss://meet.example/colibri-ws/0"}; }

// Checklist: 179
TEST(BridgeChannel, AWebSocketIsGreetedFirstAndToldTheWholeState) {
  Simulation sim(with_web_sockets());
  Participant& talker = sim.join("talker");
  talker.speak(30);
  WebSocketClient client(sim, "client");
  sim.run_for(2s);
  client.open(7);
  std::vector<std::string> classes;
  for (const auto& event : sim.web_socket_events) classes.push_back(class_of(event.text));
  EXPECT_EQ(classes, (std::vector<std::string>{"ServerHello", "SenderSourceConstraints", "ForwardedSources",
                                               "DominantSpeakerEndpointChangeEvent"}));
}

// Checklist: 180, 199
TEST(BridgeChannel, WhoComesBackIsToldTheWholeStateAgain) {
  Simulation sim(with_web_sockets());
  Participant& talker = sim.join("talker");
  talker.speak(30);
  sim.join("client", {.ssrc_rewriting = true, .data_channel = false});
  Endpoint* endpoint = sim.conference()->find("client");
  const auto open = [&](std::uint64_t number) {
    sim.run_for(2s);
    sim.web_socket_events.clear();
    EXPECT_TRUE(sim.table->on_web_socket_open({sim.conference()->id(), "client", endpoint->password()},
                                              WebSocketHandle{number}, sim.now));
    std::vector<std::string> classes;
    for (const auto& event : sim.web_socket_events)
      if (event.handle == WebSocketHandle{number}) classes.push_back(class_of(event.text));
    classes.resize(std::min<std::size_t>(classes.size(), 6));  // changes may follow
    return classes;
  };
  const std::vector<std::string> whole{"ServerHello",      "SenderSourceConstraints",
                                       "ForwardedSources", "VideoSourcesMap",
                                       "AudioSourcesMap",  "DominantSpeakerEndpointChangeEvent"};
  EXPECT_EQ(open(1), whole);
  EXPECT_EQ(open(2), whole);
}

// Checklist: 188
TEST(BridgeChannel, TheOldWayToLimitTheNumberOfVideosHolds) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  all[0]->want(180);
  all[0]->send_message(R"({"colibriClass":"LastNChangedEvent","lastN":1})");
  sim.run_for(500ms);
  all[0]->clear();
  sim.run_for(500ms);
  const std::size_t seen = (all[0]->count(all[1]->video_ssrc(0)) > 0 ? 1U : 0U) +
                           (all[0]->count(all[2]->video_ssrc(0)) > 0 ? 1U : 0U);
  EXPECT_EQ(seen, 1U);
}

// Checklist: 177
TEST(BridgeChannel, OnlyTheRightPasswordOpensIt) {
  Simulation sim(with_web_sockets());
  WebSocketClient client(sim, "client");
  const ChannelAddress right = client.address();
  EXPECT_TRUE(sim.table->has_channel(right));
  EXPECT_FALSE(sim.table->has_channel({right.conference, right.endpoint, "wrong"}));
  EXPECT_FALSE(sim.table->has_channel({right.conference, right.endpoint, ""}));
  EXPECT_FALSE(sim.table->has_channel({right.conference, "nobody", right.password}));
  EXPECT_FALSE(sim.table->has_channel({"elsewhere", right.endpoint, right.password}));
  EXPECT_FALSE(
      sim.table->on_web_socket_open({right.conference, right.endpoint, "x"}, WebSocketHandle{1}, sim.now));
  EXPECT_TRUE(sim.web_socket_events.empty());
}

// Checklist: 178
TEST(BridgeChannel, ANewWebSocketReplacesTheOldOne) {
  Simulation sim(with_web_sockets());
  WebSocketClient client(sim, "client");
  client.open(1);
  client.open(2);
  ASSERT_FALSE(sim.web_socket_events.empty());
  EXPECT_EQ(sim.web_socket_events[0].handle, WebSocketHandle{1});
  EXPECT_EQ(sim.web_socket_events[0].code, 1000);
  EXPECT_EQ(sim.web_socket_events[1].handle, WebSocketHandle{2});
  sim.web_socket_events.clear();
  client.say(1, R"({"colibriClass":"ClientHello"})");
  EXPECT_TRUE(sim.web_socket_events.empty()) << "the old one is nobody's";
  sim.table->on_web_socket_closed(WebSocketHandle{1});
  client.say(2, R"({"colibriClass":"ClientHello"})");
  EXPECT_EQ(class_of(sim.web_socket_events.at(0).text), "ServerHello");
}

// Checklist: 192
TEST(BridgeChannel, ExpiryClosesTheWebSocket) {
  Simulation sim(with_web_sockets());
  WebSocketClient client(sim, "client");
  client.open(1);
  sim.web_socket_events.clear();
  sim.expire("client");
  ASSERT_EQ(sim.web_socket_events.size(), 1U);
  EXPECT_EQ(sim.web_socket_events[0].code, 1001);
  sim.table->on_web_socket_text(WebSocketHandle{1}, R"({"colibriClass":"ClientHello"})", sim.now);
  EXPECT_EQ(sim.web_socket_events.size(), 1U);
}

TEST(BridgeChannel, AnswersGoTheWayLastUsed) {
  Simulation sim(with_web_sockets());
  Participant& both = sim.join("both");
  Endpoint* endpoint = sim.conference()->find("both");
  ASSERT_TRUE(sim.table->on_web_socket_open({sim.conference()->id(), "both", endpoint->password()},
                                            WebSocketHandle{1}, sim.now));
  sim.web_socket_events.clear();
  both.clear();
  both.send_message(R"({"colibriClass":"ClientHello"})");
  sim.run_for(50ms);
  EXPECT_EQ(both.messages_of("ServerHello").size(), 1U);
  EXPECT_TRUE(sim.web_socket_events.empty());
}

// Checklist: 181
TEST(BridgeChannel, EndpointMessagesReachOneOrAllWithTheTrueSender) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob", "carol"});
  all[0]->send_message(
      R"({"colibriClass":"EndpointMessage","to":"bob","from":"carol","msgPayload":{"n":null}})");
  all[0]->send_message(R"({"colibriClass":"EndpointMessage","to":"","msgPayload":2})");
  all[0]->send_message(R"({"colibriClass":"EndpointMessage","to":"nobody","msgPayload":3})");
  sim.run_for(100ms);
  const auto at_bob = all[1]->messages_of("EndpointMessage");
  ASSERT_EQ(at_bob.size(), 2U);
  EXPECT_EQ(at_bob[0].at("from"), "alice");
  EXPECT_EQ(at_bob[1].at("msgPayload"), 2);
  EXPECT_EQ(all[2]->messages_of("EndpointMessage").size(), 1U);
  EXPECT_TRUE(all[0]->messages_of("EndpointMessage").empty());
  EXPECT_EQ(sim.counters.message_drops.value(MessageDrop::refused), 1U);
}

// Checklist: 54, 191
TEST(BridgeChannel, VisitorsMayNotSendMessages) {
  Simulation sim;
  Participant& alice = sim.join("alice");
  Participant& visitor = sim.join("visitor", {.role = "visitor"});
  visitor.send_message(R"({"colibriClass":"EndpointMessage","to":"","msgPayload":2})");
  sim.run_for(100ms);
  EXPECT_TRUE(alice.messages_of("EndpointMessage").empty());
}

// Checklist: 182
TEST(BridgeChannel, StatisticsGoToTheOthers) {
  Simulation sim;
  const auto all = sim.join_all({"alice", "bob"});
  all[0]->send_message(R"({"colibriClass":"EndpointStats","jvbRTT":null,"bitrate":{"upload":3}})");
  sim.run_for(100ms);
  const auto at_bob = all[1]->messages_of("EndpointStats");
  ASSERT_EQ(at_bob.size(), 1U);
  EXPECT_EQ(at_bob[0].at("from"), "alice");
  EXPECT_TRUE(at_bob[0].at("jvbRTT").is_null());
}

// Checklist: 190
TEST(BridgeChannel, NonsenseIsCountedAndHurtsNobody) {
  Simulation sim;
  Participant& alice = sim.join("alice");
  for (const char* text :
       {"", "x", "[]", R"({"colibriClass":"Unheard"})", R"({"colibriClass":"LastNChangedEvent"})"}) {
    alice.send_message(text);
  }
  alice.send_message(R"({"colibriClass":"ClientHello"})");
  sim.run_for(100ms);
  EXPECT_EQ(alice.messages_of("ServerHello").size(), 1U);
  EXPECT_EQ(sim.counters.message_drops.value(MessageDrop::unknown), 1U);
  EXPECT_GE(sim.counters.message_drops.value(MessageDrop::malformed), 3U);
}

// Checklist: 222
TEST(BridgeChannel, AFloodOfMessagesIsCutOff) {
  Simulation sim(with_web_sockets());
  WebSocketClient client(sim, "client");
  client.open(1);
  sim.web_socket_events.clear();
  for (int i = 0; i < 1000; ++i) client.say(1, R"({"colibriClass":"ClientHello"})");
  EXPECT_LE(sim.web_socket_events.size(), 201U);
  sim.run_for(1s);
  sim.web_socket_events.clear();
  client.say(1, R"({"colibriClass":"ClientHello"})");
  EXPECT_EQ(sim.web_socket_events.size(), 1U);
}

// Checklist: 186
TEST(BridgeChannel, ATypeToldBeforeItsSourceIsRemembered) {
  Simulation sim;
  Participant& alice = sim.join("alice", {.sends_video = false});
  Participant& bob = sim.join("bob", {.ssrc_rewriting = true});
  alice.send_message(
      R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"alice-v1","videoType":"desktop"})");
  sim.run_for(50ms);
  xmpp::colibri2::Endpoint request;
  request.id = EndpointId("alice");
  xmpp::colibri2::MediaSource screen{
      .kind = MediaKind::video, .id = SourceName("alice-v1"), .sources = {}, .groups = {}};
  screen.sources.emplace_back().ssrc = Ssrc{77};
  request.sources = {screen};
  ASSERT_TRUE(sim.modify(std::move(request)));
  bob.want(180);
  sim.run_for(200ms);
  const auto maps = bob.messages_of("VideoSourcesMap");
  ASSERT_FALSE(maps.empty());
  EXPECT_EQ(maps.back().at("mappedSources").as_array().at(0).at("videoType"), "DESKTOP");
}

}  // namespace
}  // namespace cloister::videobridge::conference
