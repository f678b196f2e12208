// A transport's description between XML values and the transport layer.
#include "videobridge/conference/colibri/transport_description.h"

#include <gtest/gtest.h>

#include "videobridge/transport/ice/candidates.h"

namespace cloister::videobridge::conference {
namespace {

xmpp::Candidate candidate(const char* ip, std::uint16_t port = 4000) {
  xmpp::Candidate out;
  out.ip = Personal<std::string>(ip);
  out.port = port;
  out.type = "host";
  out.priority = 7;
  return out;
}

// Checklist: 79
TEST(TransportDescription, CandidatesThatCannotBeUsedAreLeftOutAtOnce) {
  struct Case {
    const char* why;
    std::function<void(xmpp::Candidate&)> change;
  };
  const auto named = [](const char* ip) {
    return [ip](xmpp::Candidate& one) { one.ip = Personal<std::string>(ip); };
  };
  const Case cases[] = {
      {"mDNS",                 named("0d1e7c4a-5b0f-4a0e-9d5e-1f2a3b4c5d6e.local")  },
      {"a host name",          named("client.example")                              },
      {"no address",           named("")                                            },
      {"unspecified",          named("0.0.0.0")                                     },
      {"TCP",                  [](xmpp::Candidate& one) { one.protocol = "tcp"; }   },
      {"RTCP's own component", [](xmpp::Candidate& one) { one.component = 2; }      },
      {"port 0",               [](xmpp::Candidate& one) { one.port = 0; }           },
      {"an unknown type",      [](xmpp::Candidate& one) { one.type = "teleported"; }},
  };
  for (const auto& [why, change] : cases) {
    SCOPED_TRACE(why);
    xmpp::IceUdpTransport signalled;
    signalled.candidates = {candidate("192.0.2.1"), candidate("192.0.2.2")};
    change(signalled.candidates[0]);
    const auto remote = to_remote(signalled);
    ASSERT_EQ(remote.candidates.size(), 1U);
    EXPECT_EQ(remote.candidates[0].address.ip_text_for_wire(), "192.0.2.2");
  }
}

TEST(TransportDescription, ReadsBothFamiliesAndAllTypes) {
  xmpp::IceUdpTransport signalled;
  signalled.ice_generation = 3;
  for (const char* type : {"host", "srflx", "prflx", "relay"}) {
    signalled.candidates.push_back(candidate("2001:db8::1"));
    signalled.candidates.back().type = type;
    signalled.candidates.back().protocol = "UDP";
  }
  const auto remote = to_remote(signalled);
  EXPECT_EQ(remote.ice_generation, 3U);
  ASSERT_EQ(remote.candidates.size(), 4U);
  EXPECT_EQ(remote.candidates[3].type, transport::CandidateType::relayed);
  EXPECT_EQ(remote.candidates[0].address.family(), IpFamily::v6);
}

// Checklist: 71, 80
TEST(TransportDescription, AMappedAddressIsToldAsServerReflexiveWithTheLocalOneBehindIt) {
  const std::vector listening{*SocketAddress::parse("10.0.0.1", 10000)};
  const transport::CandidateSettings settings{
      .mappings = {{*SocketAddress::parse("10.0.0.1", 0), *SocketAddress::parse("203.0.113.9", 443)}}};
  transport::LocalDescription local;
  local.candidates = make_candidates(listening, settings);
  const auto told = to_signalling(local, "");
  ASSERT_EQ(told.candidates.size(), 2U);
  EXPECT_EQ(told.candidates[0].type, "host");
  EXPECT_EQ(told.candidates[0].ip.expose(), "10.0.0.1");
  EXPECT_EQ(told.candidates[1].type, "srflx");
  EXPECT_EQ(told.candidates[1].ip.expose(), "203.0.113.9");
  EXPECT_EQ(told.candidates[1].port, 443);
  EXPECT_EQ(told.candidates[1].related_ip->expose(), "10.0.0.1");
  EXPECT_EQ(told.candidates[1].related_port, 10000);
  EXPECT_LT(told.candidates[1].priority, told.candidates[0].priority);
}

}  // namespace
}  // namespace cloister::videobridge::conference
