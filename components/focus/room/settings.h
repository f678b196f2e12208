// What an operator may change about conferences; part of focus.yaml (section `conference`).
#pragma once

#include <cstddef>
#include <vector>

#include "base/clock.h"
#include "focus/rights/crowd.h"
#include "focus/rights/settings.h"

namespace cloister::focus::room {

enum class VideoCodec : std::uint8_t { av1, vp9, vp8, h264 };

struct OfferSettings {
  bool mid = false;  // sdes:mid; today's web client needs it absent (protocol/client.md §9)
  bool video_orientation = false;
  // The audio level in its encrypted form (RFC 6904): who cannot do that sends none, and is heard all the
  // same.
  bool encrypt_audio_level = true;
  bool constant_bitrate_audio = true;  // Opus frames of one size, which say nothing about what is spoken
  bool redundant_audio = true;         // RED, for clients that ask for it
  // Those that may be sent, best first. Clients that have an order of their own keep to that.
  std::vector<VideoCodec> video_codecs{VideoCodec::av1, VideoCodec::vp9, VideoCodec::vp8, VideoCodec::h264};
};

struct RoomSettings {
  std::size_t min_participants = 2;           // nobody is invited below it
  Duration single_participant_timeout = 20s;  // then the last one's session ends
  Duration initial_timeout = 15s;             // for somebody to come after a conference request
  Duration owner_grace = 5s;                  // for an owner who reloads, before another one is elected
  bool auto_owner = true;  // the first participant becomes owner: where hosts are not required
  rights::CrowdSettings crowd{};
  rights::HostSettings hosts{};            // where they are
  bool ssrc_rewriting = true;              // for clients that can
  bool json_sources = true;                // for clients that can
  bool strip_simulcast = true;             // for receivers without ssrc-rewriting
  std::size_t max_members = 500;           // later ones stay without media
  std::size_t max_sources = 20;            // per participant
  std::size_t max_source_groups = 20;      // per participant
  std::size_t max_audio_senders = 999999;  // unmuted ones
  std::size_t max_video_senders = 999999;
  OfferSettings offer{};
};

}  // namespace cloister::focus::room
