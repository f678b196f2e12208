// Requests of the focus against a shard's table (protocol/bridge.md §2).
#include <gtest/gtest.h>

#include <functional>

#include "simulation.h"
#include "videobridge/conference/conference_table.h"

namespace cloister::videobridge::conference {
namespace {

using xmpp::ErrorCondition;
using xmpp::colibri2::ConferenceModify;
using xmpp::colibri2::ErrorReason;
using Colibri = xmpp::colibri2::Endpoint;

Colibri creation(const std::string& id) {
  Colibri endpoint;
  endpoint.id = EndpointId(id);
  endpoint.create = true;
  endpoint.capabilities = {"source-names"};
  endpoint.transport.emplace().ice_controlling = true;
  return endpoint;
}

ConferenceModify request(const std::string& meeting, std::vector<Colibri> endpoints = {}) {
  ConferenceModify modify;
  modify.meeting_id = MeetingId(meeting);
  modify.endpoints = std::move(endpoints);
  return modify;
}

ConferenceModify creating(const std::string& meeting, std::vector<Colibri> endpoints = {}) {
  ConferenceModify modify = request(meeting, std::move(endpoints));
  modify.create = true;
  return modify;
}

Colibri with(const std::string& id, const std::function<void(Colibri&)>& change) {
  Colibri endpoint = creation(id);
  change(endpoint);
  return endpoint;
}

Colibri with_sources(const std::string& id) {
  Colibri endpoint;
  endpoint.id = EndpointId(id);
  endpoint.sources.emplace();
  return endpoint;
}

struct Refusal {
  const char* why;
  ConferenceModify request;
  ErrorCondition condition;
  ErrorReason reason;
};

std::vector<Refusal> refusals() {
  using ErrorReason::unspecified, ErrorReason::conference_already_exists, ErrorReason::conference_not_found;
  ConferenceModify named = creating("new");
  named.name = Personal<std::string>("room@conference.example/nick");
  ConferenceModify unnameable = creating("new");
  unnameable.name = Personal<std::string>("@");
  ConferenceModify relayed = creating("new", {creation("x")});
  relayed.relays = {
      {.id = "r", .create = true}
  };
  const auto relays = [](std::vector<xmpp::colibri2::Relay> asked) {
    ConferenceModify modify = request("known");
    modify.relays = std::move(asked);
    return modify;
  };
  const auto sctp = [](std::optional<std::uint16_t> port, const char* role) {
    return with("x", [&](Colibri& endpoint) { endpoint.transport->sctp = xmpp::colibri2::Sctp{port, role}; });
  };
  Colibri visitor = creation("x");
  visitor.muc_role = "visitor";
  visitor.sources = {xmpp::colibri2::MediaSource{}};
  std::vector<Refusal> all;
  const auto add = [&](const char* why, ConferenceModify asked, ErrorCondition condition,
                       ErrorReason reason = unspecified) {
    all.push_back(Refusal{why, std::move(asked), condition, reason});
  };
  using ErrorCondition::conflict, ErrorCondition::item_not_found, ErrorCondition::bad_request;
  const auto no_feature = ErrorReason::feature_not_implemented;
  const auto asking = [](Colibri endpoint) { return request("known", {std::move(endpoint)}); };
  add("the conference exists", creating("known"), conflict, conference_already_exists);
  add("no such conference", request("other", {creation("x")}), item_not_found, conference_not_found);
  add("the name has a resource", named, bad_request);
  add("the name is no address", unnameable, bad_request);
  add("an endpoint and a relay", relayed, ErrorCondition::feature_not_implemented, no_feature);
  add("a relay",
      relays({
          {.id = "r", .create = true}
  }),
      ErrorCondition::feature_not_implemented, no_feature);
  add("two relays", relays({{.id = "r"}, {.id = "s"}}), ErrorCondition::feature_not_implemented, no_feature);
  add("a relay that is not there", relays({{.id = "r"}}), bad_request);
  add("two endpoints with media", request("known", {creation("x"), creation("y")}),
      ErrorCondition::feature_not_implemented, no_feature);
  add("the endpoint exists", asking(creation("alice")), conflict);
  add("no transport", asking(with("x", [](Colibri& e) { e.transport.reset(); })), bad_request);
  add("no source names", asking(with("x", [](Colibri& e) { e.capabilities.clear(); })), bad_request);
  add("SCTP as client", asking(sctp({}, "client")), ErrorCondition::feature_not_implemented, no_feature);
  add("SCTP on another port", asking(sctp(5001, "")), bad_request);
  add("nobody of that id", asking(with_sources("nobody")), item_not_found, ErrorReason::unknown_endpoint);
  add("a visitor with sources", asking(visitor), bad_request);
  return all;
}

struct Colibri2 : testing::Test {
  Colibri2() { EXPECT_TRUE(sim.modify(creating("known", {creation("alice")}))); }
  Simulation sim{{.web_socket_url = "wss://meet.example/colibri-ws/0"}};
};

// Checklist: 36, 37, 38, 39, 43, 45, 54, 58
TEST_F(Colibri2, RefusesWithTheConditionThatTheFocusUnderstands) {
  for (const Refusal& entry : refusals()) {
    SCOPED_TRACE(entry.why);
    const auto answer = sim.modify(entry.request);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().condition, entry.condition);
    ASSERT_TRUE(answer.error().colibri) << "every error of ours says that it is ours";
    EXPECT_EQ(answer.error().colibri->reason, entry.reason);
    EXPECT_EQ(sim.table->size(), 1U);
  }
}

// Checklist: 39
TEST_F(Colibri2, NamesTheUnknownEndpoint) {
  const auto answer = sim.modify(request("known", {with_sources("nobody")}));
  EXPECT_EQ(answer.error().colibri->endpoint, EndpointId("nobody"));
}

TEST_F(Colibri2, RefusesSctpWhereItIsOff) {
  Simulation without({.sctp = false});
  const auto answer =
      without.modify(creating("new", {with("x", [](Colibri& e) { e.transport->sctp.emplace(); })}));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().condition, ErrorCondition::feature_not_implemented);
}

// Checklist: 42
TEST_F(Colibri2, RefusesNewConferencesWhileShuttingDownButServesTheOthers) {
  sim.table->refuse_new_conferences();
  const auto refused = sim.modify(creating("new"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().condition, ErrorCondition::service_unavailable);
  EXPECT_EQ(refused.error().colibri->reason, ErrorReason::graceful_shutdown);
  EXPECT_TRUE(sim.modify(request("known", {creation("bob")})));
}

// Checklist: 33, 34, 35
TEST_F(Colibri2, AnswersACreationWithEverythingNeededToConnect) {
  const auto answer =
      sim.modify(request("known", {with("bob", [](Colibri& e) { e.transport->sctp.emplace(); })}));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->endpoints.size(), 1U);
  const auto& transport = *answer->endpoints[0].transport;
  EXPECT_EQ(transport.sctp->port, 5000);
  EXPECT_EQ(transport.sctp->role, "server");
  EXPECT_GE(transport.ice->ufrag.size(), 4U);
  EXPECT_GE(transport.ice->pwd.size(), 22U);
  EXPECT_TRUE(transport.ice->rtcp_mux);
  ASSERT_EQ(transport.ice->candidates.size(), 1U);
  EXPECT_EQ(transport.ice->candidates[0].ip.expose(), "192.0.2.1");
  ASSERT_EQ(transport.ice->fingerprints.size(), 1U);
  EXPECT_EQ(transport.ice->fingerprints[0].setup, "actpass");
  ASSERT_EQ(transport.ice->web_sockets.size(), 1U);
  const std::string& url = transport.ice->web_sockets[0].expose();
  EXPECT_EQ(url.find("wss://meet.example/colibri-ws/0/"), 0U);
  EXPECT_NE(url.find("/bob?pwd="), std::string::npos);
}

// Checklist: 34
TEST_F(Colibri2, LeavesOutWhatWasNotAskedFor) {
  const auto created = sim.modify(request("known", {creation("bob")}));
  EXPECT_FALSE(created->endpoints[0].transport->sctp);
  const auto updated = sim.modify(request("known", {with_sources("bob")}));
  ASSERT_TRUE(updated);
  EXPECT_EQ(updated->endpoints[0].id, EndpointId("bob"));
  EXPECT_FALSE(updated->endpoints[0].transport);
  EXPECT_TRUE(updated->sources.empty());
}

Colibri ice_restart(const std::string& id) {
  return with(id, [](Colibri& e) {
    e.create = false;
    e.transport->ice_restart = true;
  });
}

// Checklist: 72
TEST_F(Colibri2, PrivateAddressesAreToldToWhoAsksForThem) {
  const std::vector listening{*SocketAddress::parse("10.0.0.1", 10000),
                              *SocketAddress::parse("192.0.2.1", 10000)};
  sim.set_candidates(transport::make_candidates(listening, {.advertise_private = false}));
  const auto usual = sim.modify(request("known", {creation("bob")}));
  const auto asking = sim.modify(request("known", {with("carol", [](Colibri& e) {
                                           e.capabilities.emplace_back("private-address-connectivity");
                                         })}));
  ASSERT_TRUE(usual && asking);
  EXPECT_EQ(usual->endpoints[0].transport->ice->candidates.size(), 1U);
  EXPECT_EQ(asking->endpoints[0].transport->ice->candidates.size(), 2U);
}

// Checklist: 77
TEST_F(Colibri2, AnIceRestartBeforeThereIsAPathRepeatsTheTransport) {
  const auto created = sim.modify(request("known", {creation("bob")}));
  const auto answer = sim.modify(request("known", {ice_restart("bob")}));
  ASSERT_TRUE(answer);
  const auto& transport = answer->endpoints[0].transport;
  ASSERT_TRUE(transport && transport->ice);
  EXPECT_EQ(transport->ice->ufrag, created->endpoints[0].transport->ice->ufrag);
  EXPECT_FALSE(transport->ice->ice_generation);
}

// Checklist: 77
TEST_F(Colibri2, AnIceRestartAfterIceHasFailedIsAnsweredWithoutATransport) {
  Colibri lost = with_sources("bob");
  lost.transport.emplace().ice = xmpp::IceUdpTransport{.ufrag = "gone", .pwd = "gone-gone-gone-gone-gone"};
  EXPECT_TRUE(sim.modify(request("known", {creation("bob")})));
  EXPECT_TRUE(sim.modify(request("known", {lost})));
  sim.run_for(31s);
  const auto answer = sim.modify(request("known", {ice_restart("bob")}));
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->endpoints[0].transport);
}

// Checklist: 31, 32
TEST_F(Colibri2, FeedbackSourcesStayTheSame) {
  const auto first = sim.modify(request("known", {creation("bob")}));
  const auto second = sim.modify(request("known", {creation("carol")}));
  ASSERT_EQ(first->sources.size(), 2U);
  EXPECT_EQ(first->sources[0].id, SourceName("jvb-a0"));
  EXPECT_EQ(first->sources[1].id, SourceName("jvb-v0"));
  EXPECT_NE(first->sources[0].sources[0].ssrc, first->sources[1].sources[0].ssrc);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(first->sources[i].sources[0].ssrc, second->sources[i].sources[0].ssrc);
}

// Checklist: 40, 41, 44
TEST_F(Colibri2, ExpiresAndMutesWithoutCaringWhoIsThere) {
  Colibri gone;
  gone.id = EndpointId("nobody");
  gone.expire = true;
  Colibri muted;
  muted.id = EndpointId("nobody-else");
  muted.force_mute = xmpp::colibri2::ForceMute{.audio = true, .video = true};
  const auto answer = sim.modify(request("known", {gone, muted}));
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->endpoints.size(), 2U);
  EXPECT_TRUE(answer->endpoints[0].expire);
  EXPECT_FALSE(answer->endpoints[1].expire);
}

// Checklist: 51
TEST_F(Colibri2, AnEndpointMayComeBackRightAfterItsEnd) {
  Colibri gone;
  gone.id = EndpointId("alice");
  gone.expire = true;
  EXPECT_TRUE(sim.modify(request("known", {creation("bob")})));
  EXPECT_TRUE(sim.modify(request("known", {gone})));
  EXPECT_TRUE(sim.modify(request("known", {creation("alice")})));
}

// Checklist: 46, 47
TEST_F(Colibri2, TheConferenceEndsWithItsLastEndpointOrOnRequest) {
  Colibri gone;
  gone.id = EndpointId("alice");
  gone.expire = true;
  EXPECT_TRUE(sim.modify(request("known", {gone})));
  EXPECT_EQ(sim.table->size(), 0U);

  EXPECT_TRUE(sim.modify(creating("known", {creation("alice")})));
  ConferenceModify end = request("known");
  end.expire = true;
  EXPECT_TRUE(sim.modify(end));
  EXPECT_EQ(sim.table->size(), 0U);
  EXPECT_EQ(sim.counters.conferences.value(), 0);
  EXPECT_EQ(sim.counters.endpoints.value(), 0);
  EXPECT_EQ(sim.counters.conferences_completed.value(), 2U);
}

// Checklist: 48
TEST_F(Colibri2, SourcesStayWhenAbsentAndGoWhenEmpty) {
  Simulation call;
  const auto all = call.join_all({"alice", "bob"});
  Endpoint* alice = call.conference()->find("alice");
  EXPECT_EQ(alice->incoming().sources().size(), 2U);
  Colibri update;
  update.id = EndpointId("alice");
  update.transport.emplace();
  EXPECT_TRUE(call.modify(update));
  EXPECT_EQ(alice->incoming().sources().size(), 2U);
  EXPECT_TRUE(call.modify(with_sources("alice")));
  EXPECT_TRUE(alice->incoming().sources().empty());
}

TEST_F(Colibri2, InitialLastNCountsUntilTheClientSpeaks) {
  Simulation call;
  call.join("alice", {.initial_last_n = 2});
  EXPECT_EQ(call.conference()->find("alice")->settings().last_n, 2);
}

// Checklist: 210
TEST_F(Colibri2, TenThousandConferencesLeaveNothingBehind) {
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(sim.modify(creating("m", {creation("x")})));
    ConferenceModify end = request("m");
    end.expire = true;
    ASSERT_TRUE(sim.modify(end));
  }
  EXPECT_EQ(sim.table->size(), 1U);
  EXPECT_EQ(sim.counters.endpoints.value(), 1);
}

}  // namespace
}  // namespace cloister::videobridge::conference
