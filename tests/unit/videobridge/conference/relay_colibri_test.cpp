// What a focus asks of a bridge about other bridges (protocol/bridge.md §2.2, §2.6, §11).
#include <gtest/gtest.h>

#include <functional>

#include "simulation.h"
#include "videobridge/conference/conference_table.h"

namespace cloister::videobridge::conference {
namespace {

using xmpp::ErrorCondition;
using xmpp::colibri2::ConferenceModify;
using xmpp::colibri2::ErrorReason;
using Colibri = xmpp::colibri2::Relay;

Colibri creation(const char* role) {
  Colibri relay{.id = "them", .mesh_id = "0", .create = true};
  const bool begins = std::string_view(role) == "client";
  relay.transport = xmpp::colibri2::Transport{
      .ice_controlling = begins, .use_unique_port = begins, .sctp = xmpp::colibri2::Sctp{.role = role}};
  return relay;
}

Colibri with(const std::function<void(Colibri&)>& change) {
  Colibri relay = creation("client");
  change(relay);
  return relay;
}

xmpp::colibri2::MediaSource audio(const char* name, std::uint32_t ssrc) {
  return {.kind = MediaKind::audio, .id = SourceName(name), .sources = {{.ssrc = Ssrc{ssrc}}}};
}

struct RelayColibri : testing::Test {
  RelayColibri() {
    xmpp::colibri2::Endpoint alice{.id = EndpointId("alice"), .create = true};
    alice.capabilities = {"source-names"};
    alice.transport.emplace();
    ConferenceModify modify{.meeting_id = MeetingId("known"), .create = true};
    modify.endpoints.push_back(std::move(alice));
    EXPECT_TRUE(sim.modify(std::move(modify)));
  }
  Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> ask(std::vector<Colibri> relays) {
    ConferenceModify modify{.meeting_id = MeetingId("known")};
    modify.relays = std::move(relays);
    return sim.modify(std::move(modify));
  }
  Conference& conference() { return *sim.table->find(MeetingId("known")); }

  Simulation sim{{.relay_id = "us"}};
};

// Checklist: 211
TEST_F(RelayColibri, EitherSideMayBegin) {
  for (const auto& [ours, theirs] : {std::pair("client", "server"), std::pair("server", "client")}) {
    SCOPED_TRACE(ours);
    const auto answer = ask({creation(ours)});
    ASSERT_TRUE(answer) << answer.error().text;
    ASSERT_EQ(answer->relays.size(), 1U);
    EXPECT_EQ(answer->relays[0].id, "them");
    const auto& transport = answer->relays[0].transport;
    ASSERT_TRUE(transport && transport->ice && transport->sctp);
    EXPECT_EQ(transport->ice->fingerprints.at(0).setup, "actpass") << "the focus settles it";
    EXPECT_TRUE(transport->ice->web_sockets.empty());
    EXPECT_EQ(transport->sctp->port, 5000);
    EXPECT_EQ(transport->sctp->role, theirs);
    EXPECT_TRUE(answer->endpoints.empty());
    ASSERT_TRUE(ask({
                        {.id = "them", .expire = true}
    })
                    ->relays.at(0)
                    .expire);
    EXPECT_FALSE(conference().has_relays());
  }
}

TEST_F(RelayColibri, WhoIsBehindItComesChangesAndGoes) {
  ASSERT_TRUE(ask({creation("client")}));
  Colibri change{.id = "them"};
  change.endpoints.push_back({.id = EndpointId("bob"), .create = true, .sources = {{audio("bob-a0", 7)}}});
  change.endpoints.push_back({.id = EndpointId("carol"), .create = true});
  const auto answer = ask({change});
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->relays.at(0).transport) << "only a creation describes it";
  EXPECT_EQ(sim.counters.relayed_endpoints.value(), 2);
  const Relay& relay = *conference().find_relay("them");
  std::vector<media::Source*> sources;
  relay.find(EndpointId("bob"))->list_sources(sources);
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0]->owner(), EndpointId("bob"));
  EXPECT_EQ(conference().size(), 1U) << "participants of this bridge";

  change.endpoints = {
      {.id = EndpointId("bob"),    .sources = {{audio("bob-a0", 8)}}},
      {.id = EndpointId("carol"),  .expire = true                   },
      {.id = EndpointId("nobody"), .expire = true                   }
  };
  ASSERT_TRUE(ask({change}));
  sources.clear();
  relay.find(EndpointId("bob"))->list_sources(sources);
  EXPECT_EQ(sources.at(0)->primary_ssrc(), Ssrc{8});
  EXPECT_EQ(relay.find(EndpointId("carol")), nullptr);
  change.endpoints = {
      {.id = EndpointId("bob"), .sources = std::nullopt}
  };
  ASSERT_TRUE(ask({change}));
  EXPECT_EQ(relay.members().size(), 1U);
  ASSERT_TRUE(ask({
      {.id = "them", .expire = true}
  }));
  EXPECT_EQ(sim.counters.relayed_endpoints.value(), 0);
}

struct Refusal {
  const char* why;
  std::vector<Colibri> relays;
  ErrorCondition condition;
  ErrorReason reason = ErrorReason::unspecified;
};

TEST_F(RelayColibri, RefusesWithTheConditionThatTheFocusUnderstands) {
  const auto no_feature = ErrorReason::feature_not_implemented;
  const Refusal refusals[] = {
      {"unknown",                    {{.id = "nobody"}}, ErrorCondition::bad_request               },
      {"two at once",
       {creation("client"), {.id = "more"}},
       ErrorCondition::feature_not_implemented,
       no_feature},
      {"no transport",                            {with([](Colibri& r) { r.transport.reset(); })},                                 ErrorCondition::bad_request},
      {"WebSockets between bridges",
       {with([](Colibri& r) { r.transport->sctp.reset(); })},
       ErrorCondition::feature_not_implemented,
       no_feature},
      {"no role",                   {with([](Colibri& r) { r.transport->sctp->role.clear(); })},                                     ErrorCondition::bad_request                                                                      },
      {"another port",
       {with([](Colibri& r) { r.transport->sctp->port = 5001; })},
       ErrorCondition::bad_request},
  };
  for (const Refusal& entry : refusals) {
    SCOPED_TRACE(entry.why);
    const auto answer = ask(entry.relays);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().condition, entry.condition);
    ASSERT_TRUE(answer.error().colibri);
    EXPECT_EQ(answer.error().colibri->reason, entry.reason);
    EXPECT_FALSE(conference().has_relays());
  }
  ASSERT_TRUE(ask({creation("client")}));
  const auto again = ask({creation("client")});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().condition, ErrorCondition::conflict);
}

TEST_F(RelayColibri, AConferenceOfRelaysAloneEnds) {
  ASSERT_TRUE(ask({creation("client")}));
  ConferenceModify leave{.meeting_id = MeetingId("known")};
  leave.endpoints.push_back({.id = EndpointId("alice"), .expire = true});
  ASSERT_TRUE(sim.modify(std::move(leave)));
  EXPECT_EQ(sim.table->size(), 1U) << "somebody may come";
  sim.run_for(25s);
  EXPECT_EQ(sim.table->size(), 0U);
  EXPECT_EQ(sim.counters.relays.value(), 0);
}

TEST(RelayPorts, AreLentOneByOne) {
  RelayPorts ports;
  ports.set({RelayPorts::Candidates(1), RelayPorts::Candidates(2)});
  auto first = ports.take();
  auto second = ports.take();
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->candidates().size(), 1U);
  EXPECT_FALSE(ports.take());
  { const RelayPorts::Lease moved(std::move(*second)); }
  second.reset();
  EXPECT_EQ(ports.take()->candidates().size(), 2U);
}

}  // namespace
}  // namespace cloister::videobridge::conference
