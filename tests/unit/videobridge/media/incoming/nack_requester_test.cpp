#include "videobridge/media/incoming/nack_requester.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace cloister::videobridge::media {
namespace {

constexpr TimePoint kStart{1000s};

std::vector<std::uint16_t> take(NackRequester& nacks, TimePoint now) {
  std::array<std::uint16_t, NackRequester::kMaxMissing> out{};
  const std::size_t count = nacks.take_due(now, out);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count)};
}

using List = std::vector<std::uint16_t>;

// Checklist: 120
TEST(NackRequester, AsksAtOnceThenEvery150MillisecondsTenTimes) {
  NackRequester nacks;
  nacks.on_packet(0x1ffff, kStart);
  EXPECT_EQ(nacks.due(), std::nullopt);
  nacks.on_packet(0x20002, kStart);
  TimePoint now = kStart;
  for (int i = 0; i < NackRequester::kTries; ++i) {
    ASSERT_EQ(nacks.due(), now);
    EXPECT_EQ(take(nacks, now), (List{0, 1}));
    EXPECT_TRUE(take(nacks, now + 149ms).empty());
    now += 150ms;
  }
  EXPECT_EQ(nacks.due(), std::nullopt);
}

TEST(NackRequester, WhatArrivesIsNotAskedForAgain) {
  NackRequester nacks;
  nacks.on_packet(10, kStart);
  nacks.on_packet(13, kStart);
  EXPECT_EQ(take(nacks, kStart), (List{11, 12}));
  nacks.on_packet(12, kStart + 20ms);
  EXPECT_EQ(take(nacks, kStart + 150ms), List{11});
  nacks.on_packet(11, kStart + 160ms);
  EXPECT_EQ(nacks.due(), std::nullopt);
}

// Checklist: 121
TEST(NackRequester, AWideGapIsGivenUpWithAllBeforeIt) {
  NackRequester nacks;
  nacks.on_packet(10, kStart);
  nacks.on_packet(12, kStart);
  nacks.on_packet(12 + NackRequester::kMaxGap, kStart);  // 99 missing
  EXPECT_EQ(take(nacks, kStart).size(), 100U);
  nacks.on_packet(12 + 2 * NackRequester::kMaxGap + 1, kStart);  // 100 missing
  EXPECT_EQ(nacks.due(), std::nullopt);
}

TEST(NackRequester, ManyGapsDoNotPileUp) {
  NackRequester nacks;
  for (std::int64_t sequence = 0; sequence < 9000; sequence += 90) nacks.on_packet(sequence, kStart);
  EXPECT_LE(take(nacks, kStart).size(), NackRequester::kMaxMissing);
}

}  // namespace
}  // namespace cloister::videobridge::media
