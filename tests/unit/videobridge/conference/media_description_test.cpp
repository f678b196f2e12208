#include "videobridge/conference/colibri/media_description.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::conference {
namespace {

using xmpp::colibri2::MediaSource;

MediaSource source(std::vector<std::uint32_t> ssrcs, std::vector<xmpp::SourceGroup> groups) {
  MediaSource out;
  out.kind = MediaKind::video;
  out.id = SourceName("a-v0");
  for (const std::uint32_t ssrc : ssrcs) out.sources.emplace_back().ssrc = Ssrc{ssrc};
  out.groups = std::move(groups);
  return out;
}

struct Case {
  const char* what;
  MediaSource signalled;
  std::vector<media::EncodingDescription> encodings;
};

// Checklist: 49
TEST(MediaDescription, FindsEncodingsLowToHighWithTheirRtx) {
  const Case cases[] = {
      {"one plain source",                        source({1},          {}),                                       {{Ssrc{1}, {}}}                              },
      {"with RTX",                                source({1, 2},       {{"FID", {Ssrc{1}, Ssrc{2}}}}),            {{Ssrc{1}, Ssrc{2}}}                         },
      {"simulcast in the order of its group",
       source({1, 2, 3, 11, 12, 13},                                   {{"FID", {Ssrc{1}, Ssrc{11}}},
                                      {"FID", {Ssrc{3}, Ssrc{13}}},
                                      {"SIM", {Ssrc{3}, Ssrc{1}, Ssrc{2}}}}),
       {{Ssrc{3}, Ssrc{13}}, {Ssrc{1}, Ssrc{11}}, {Ssrc{2}, {}}}                                                                                               },
      {"forward error correction is no encoding",
       source({1, 2},                                                  {{"FEC-FR", {Ssrc{1}, Ssrc{2}}}}),
       {{Ssrc{1}, {}}}                                                                                                                                         },
      {"groups only",                             source({},           {{"FID", {Ssrc{1}, Ssrc{2}}}}),            {{Ssrc{1}, Ssrc{2}}}                         },
      {"a group of one says nothing",             source({1, 2},       {{"SIM", {Ssrc{1}}}}),                     {{Ssrc{1}, {}}, {Ssrc{2}, {}}}               },
      {"more than three",                         source({1, 2, 3, 4}, {}),                                       {{Ssrc{1}, {}}, {Ssrc{2}, {}}, {Ssrc{3}, {}}}},
  };
  for (const Case& entry : cases) {
    SCOPED_TRACE(entry.what);
    const auto sources = to_sources(std::span(&entry.signalled, 1));
    ASSERT_EQ(sources.size(), 1U);
    EXPECT_EQ(sources[0].encodings, entry.encodings);
  }
}

TEST(MediaDescription, LeavesOutSourcesWithoutSsrcAndRepeatedNames) {
  const MediaSource signalled[] = {source({}, {}), source({1}, {}), source({2}, {})};
  const auto sources = to_sources(signalled);
  ASSERT_EQ(sources.size(), 1U);
  EXPECT_EQ(sources[0].encodings[0].ssrc, Ssrc{1});
}

TEST(MediaDescription, KnowsTheEncryptedFormOfAnExtension) {
  NegotiatedMedia negotiated;
  xmpp::colibri2::Media audio;
  audio.kind = MediaKind::audio;
  audio.header_extensions = {
      {1, "urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on"},
      {2, "urn:3gpp:video-orientation"                                                           },
      {7, "urn:ietf:params:rtp-hdrext:encrypt"                                                   },
      {8, "urn:ietf:params:rtp-hdrext:encrypt "                                                  }
  };
  negotiated.add(audio);
  EXPECT_EQ(negotiated.extensions.kind(1), media::ExtensionKind::audio_level);
  EXPECT_EQ(negotiated.extensions.kind(2), media::ExtensionKind::video_orientation);
  EXPECT_EQ(negotiated.extensions.kind(7), media::ExtensionKind::unknown);
  EXPECT_TRUE(negotiated.encrypted_extensions.test(1));
  EXPECT_FALSE(negotiated.encrypted_extensions.test(2));
  EXPECT_FALSE(negotiated.encrypted_extensions.test(7));

  audio.header_extensions = {
      {1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"}
  };
  negotiated.add(audio);
  EXPECT_FALSE(negotiated.encrypted_extensions.test(1)) << "what is said last holds";
}

TEST(MediaDescription, WhatTheClientDeclinedIsNotUsed) {
  NegotiatedMedia negotiated;
  xmpp::colibri2::Media audio{.kind = MediaKind::audio};
  audio.header_extensions = {
      {1,  "urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level"},
      {10, "urn:ietf:params:rtp-hdrext:sdes:mid"                                           }
  };
  negotiated.add(audio);
  audio.header_extensions.pop_back();
  audio.header_extensions[0].declined = true;
  negotiated.add(audio);
  EXPECT_EQ(negotiated.extensions.id(media::ExtensionKind::audio_level), 0);
  EXPECT_EQ(negotiated.extensions.kind(1), media::ExtensionKind::unknown);
  EXPECT_FALSE(negotiated.encrypted_extensions.test(1));
  EXPECT_EQ(negotiated.extensions.id(media::ExtensionKind::mid), 10) << "the others stay";
}

TEST(MediaDescription, OnlyEverAddsWhatIsNegotiated) {
  NegotiatedMedia negotiated;
  xmpp::colibri2::Media audio;
  audio.kind = MediaKind::audio;
  audio.payload_types.push_back(
      {.id = 111, .name = "opus", .clockrate = 48000, .parameters = {{"cbr", "1"}}, .feedback = {}});
  audio.header_extensions.push_back({1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"});
  negotiated.add(audio);
  EXPECT_TRUE(negotiated.accepts_audio);
  EXPECT_FALSE(negotiated.accepts_video);
  EXPECT_TRUE(negotiated.constant_bitrate_audio);
  EXPECT_EQ(negotiated.extensions.kind(1), media::ExtensionKind::audio_level);

  xmpp::colibri2::Media video;
  video.kind = MediaKind::video;
  video.payload_types.push_back({
      .id = 100,
      .name = "vp8",
      .clockrate = 90000,
      .parameters = {                    },
      .feedback = { {"nack", ""}, {"nack", "pli"}, {"transport-cc", ""}}
  });
  video.payload_types.push_back(
      {.id = 96, .name = "rtx", .clockrate = 90000, .parameters = {{"apt", "100"}}, .feedback = {}});
  video.payload_types.push_back(
      {.id = 97, .name = "rtx", .clockrate = 90000, .parameters = {{"apt", "x"}}, .feedback = {}});
  negotiated.add(video);
  EXPECT_TRUE(negotiated.accepts_audio && negotiated.accepts_video && negotiated.has_rtx &&
              negotiated.has_transport_cc);
  EXPECT_EQ(negotiated.payloads.rtx_for(100), 96);
  ASSERT_NE(negotiated.payloads.find(100), nullptr);
  EXPECT_TRUE(negotiated.payloads.find(100)->nack && negotiated.payloads.find(100)->pli);
  EXPECT_FALSE(negotiated.payloads.find(100)->fir);
}

}  // namespace
}  // namespace cloister::videobridge::conference
