#include "videobridge/transport/ice/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace cloister::videobridge::transport {
namespace {

SocketAddress at(const char* ip, std::uint16_t port = 10000) { return *SocketAddress::parse(ip, port); }

// Checklist: 70
TEST(Candidates, EveryUsableAddressIsAHostCandidateWithItsOwnPriority) {
  const std::vector listening{at("127.0.0.1"), at("192.0.2.1"), at("10.0.0.1"), at("2001:db8::1")};
  const auto out = make_candidates(listening, {});
  ASSERT_EQ(out.size(), 3U);
  EXPECT_TRUE(out[0].address == at("192.0.2.1"));
  EXPECT_EQ(out[0].socket, 1);
  EXPECT_TRUE(out[2].address == at("2001:db8::1"));
  EXPECT_GT(out[0].priority, out[1].priority);
  EXPECT_EQ(out[0].priority, 126U << 24 | 65535U << 8 | 255U);
  EXPECT_NE(out[0].foundation, out[1].foundation);
  EXPECT_EQ(make_candidates(listening, {.include_loopback = true}).size(), 4U);
}

// Checklist: 71, 80
TEST(Candidates, AMappingAddsWhatTheWorldSees) {
  const std::vector listening{at("10.0.0.1"), at("192.0.2.1")};
  const CandidateSettings settings{.mappings = {{at("10.0.0.1", 0), at("203.0.113.9", 0)}}};
  const auto out = make_candidates(listening, settings);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[2].type, CandidateType::server_reflexive);
  EXPECT_TRUE(out[2].address == at("203.0.113.9"));
  EXPECT_TRUE(out[2].base == at("10.0.0.1"));
  EXPECT_EQ(out[2].socket, 0);

  const CandidateSettings other_port{.mappings = {{at("10.0.0.1", 0), at("203.0.113.9", 443)}}};
  EXPECT_TRUE(make_candidates(listening, other_port)[2].address == at("203.0.113.9", 443));
}

// Checklist: 72
TEST(Candidates, PrivateAddressesStayPrivateUnlessAsked) {
  const std::vector listening{at("10.0.0.1"), at("192.0.2.1")};
  const CandidateSettings settings{.advertise_private = false,
                                   .mappings = {{at("10.0.0.1", 0), at("203.0.113.9", 0)}}};
  const auto all = make_candidates(listening, settings);
  const auto out = candidates_for(all, PrivateAddresses::hidden);
  ASSERT_EQ(out.size(), 2U);
  for (const Candidate& candidate : out) {
    EXPECT_FALSE(candidate.address.is_private());
    EXPECT_FALSE(candidate.base.is_private());
  }
  const auto asked = candidates_for(all, PrivateAddresses::told);
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_TRUE(std::ranges::any_of(asked, [](const Candidate& one) { return one.address == at("10.0.0.1"); }));
}

}  // namespace
}  // namespace cloister::videobridge::transport
