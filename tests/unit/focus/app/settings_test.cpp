#include "focus/app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace cloister::focus::app {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class SettingsTest : public testing::Test {
protected:
  SettingsTest() {
    std::filesystem::create_directories(folder);
    write("secret", "s3cret\n");
  }
  ~SettingsTest() override { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }
  Result<Settings, SettingsError> load(const std::string& more = {}, std::string muc = "conference.d") const {
    const std::string secret = (folder / "secret").string();
    write("focus.yaml", "xmpp: {domain: auth.d, ca_file: /ca.pem, password_file: " + secret +
                            "}\ncomponent: {domain: focus.d, secret_file: " + secret +
                            "}\ndomains: {main: d, guest: guest.d, muc: " + muc +
                            ", brewery: jvbbrewery@internal.auth.d}\n" + more);
    return load_settings((folder / "focus.yaml").string());
  }
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("focus-settings-" + std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "-" +
       testing::UnitTest::GetInstance()->current_test_info()->name());
};

// Focus checklist: 188
TEST_F(SettingsTest, TheDefaults) {
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().problems.front();
  EXPECT_EQ(settings->xmpp.user, "focus");
  EXPECT_EQ(settings->xmpp.password, "s3cret");
  EXPECT_EQ(settings->component.secret, "s3cret");
  EXPECT_EQ(settings->http.address, "127.0.0.1");
  EXPECT_EQ(settings->http.port, 8888);
  EXPECT_EQ(settings->conference.min_participants, 2U);
  EXPECT_EQ(settings->conference.single_participant_timeout, 20s);
}

TEST_F(SettingsTest, ReadsTheConferenceSection) {
  const auto settings = load(
      "conference: {min_participants: 1, single_participant_timeout_seconds: 60, "
      "max_sources: 30, offer: {mid: true, encrypt_audio_level: false}}\n"
      "audio: {constant_bitrate: false, redundancy: false}\nvideo: {codecs: [vp8, h264, vp8]}\n"
      "http: {port: 0}\n");
  ASSERT_TRUE(settings) << settings.error().problems.front();
  EXPECT_EQ(settings->conference.min_participants, 1U);
  EXPECT_EQ(settings->conference.single_participant_timeout, 60s);
  EXPECT_EQ(settings->conference.max_sources, 30U);
  EXPECT_TRUE(settings->conference.offer.mid);
  EXPECT_FALSE(settings->conference.offer.encrypt_audio_level);
  EXPECT_FALSE(settings->conference.offer.constant_bitrate_audio);
  EXPECT_FALSE(settings->conference.offer.redundant_audio);
  EXPECT_EQ(settings->conference.offer.video_codecs,
            (std::vector{room::VideoCodec::vp8, room::VideoCodec::h264}));
  EXPECT_EQ(settings->http.port, 0);
}

TEST_F(SettingsTest, MeetingsBelongToHostsUnlessSaidOtherwise) {
  const auto settings = load();
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->conference.hosts.required);
  EXPECT_FALSE(settings->conference.auto_owner) << "nobody becomes moderator by accident";
  EXPECT_EQ(settings->conference.hosts.moderate, rights::Moderate::opener);
  EXPECT_EQ(settings->conference.hosts.when_gone, rights::WhenGone::end);

  const auto others =
      load("hosts: {required: false, moderate: all, when_gone: stay, session_life_seconds: 60}\n");
  ASSERT_TRUE(others) << others.error().problems.front();
  EXPECT_TRUE(others->conference.auto_owner);
  EXPECT_EQ(others->conference.hosts.moderate, rights::Moderate::all);
  EXPECT_EQ(others->conference.hosts.when_gone, rights::WhenGone::stay);
  EXPECT_EQ(others->conference.hosts.session_life, 60s);

  const auto wrong = load("hosts: {moderate: everybody}\n");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().problems, ElementsAre(HasSubstr("hosts.moderate")));
}

TEST_F(SettingsTest, AllFiguresOfAStormAreSettings) {
  const auto settings = load(
      "crowd: {joins: 20, networks: 10, window_seconds: 30, strict_percent: 20, strict_seconds: 600, "
      "most_participants: 40, ban_joins: 3, ban_seconds: 0}\nguard_socket: /run/guard\n");
  ASSERT_TRUE(settings) << settings.error().problems.front();
  const rights::CrowdSettings& crowd = settings->conference.crowd;
  EXPECT_EQ(crowd.joins, 20U);
  EXPECT_EQ(crowd.networks, 10U);
  EXPECT_EQ(crowd.window, 30s);
  EXPECT_EQ(crowd.strict_percent, 20U);
  EXPECT_EQ(crowd.strict, 600s);
  EXPECT_EQ(crowd.most, 40U);
  EXPECT_EQ(crowd.ban_joins, 3U);
  EXPECT_EQ(crowd.ban, Duration{});
  EXPECT_EQ(settings->guard_socket, "/run/guard");
}

TEST_F(SettingsTest, ReadsHowBridgesAreChosen) {
  const auto settings = load(
      "bridges: {strategy: region_based, full_from_stress: 0.7, max_participants: 60, mixed_versions: true, "
      "local_region: eu, region_groups: [[eu, uk], [us]], health_by_presence: true, leave_draining: false, "
      "relieve_from_stress: 0.9}\n");
  ASSERT_TRUE(settings) << settings.error().problems.front();
  const auto& [selection, by_presence, leave_draining, relieve_from] = settings->bridges;
  EXPECT_EQ(selection.strategy, bridges::Strategy::region_based);
  EXPECT_EQ(selection.max_participants, 60U);
  EXPECT_EQ(selection.region_groups.at(0).at(1), "uk");
  EXPECT_TRUE(by_presence);
  EXPECT_FALSE(leave_draining);
  EXPECT_EQ(relieve_from, 0.9);
  EXPECT_THAT(load("bridges: {strategy: nearest}\n").error().problems,
              ElementsAre(HasSubstr("bridges.strategy")));
}

TEST_F(SettingsTest, SaysWhatIsWrong) {
  const auto settings = load(
      "conference: {min_participants: 0, colour: blue}\nhttp: {port: 70000, address: x}\n", "conference.d/x");
  ASSERT_FALSE(settings);
  const auto& problems = settings.error().problems;
  EXPECT_THAT(problems, Contains(HasSubstr("conference.min_participants")));
  EXPECT_THAT(problems, Contains(HasSubstr("conference.colour")));
  EXPECT_THAT(problems, Contains(HasSubstr("http.port")));
  EXPECT_THAT(problems, Contains(HasSubstr("http.address")));
  EXPECT_THAT(problems, Contains(HasSubstr("domains.muc")));
}

TEST_F(SettingsTest, AMissingFileIsOneProblem) {
  const auto settings = load_settings((folder / "absent.yaml").string());
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().problems, ElementsAre(HasSubstr("cannot be read")));
}

TEST_F(SettingsTest, AServiceWithoutAddressIsOff) {
  const auto settings = load("services: {polls: polls.d, breakout_rooms: breakout.d}\n");
  ASSERT_TRUE(settings) << settings.error().problems.front();
  EXPECT_EQ(settings->services.polls, "polls.d");
  EXPECT_EQ(settings->services.breakout_rooms, "breakout.d");
  EXPECT_EQ(settings->services.av_moderation, "");
  const auto wrong = load("services: {polls: somebody@polls.d}\n");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().problems, Contains(HasSubstr("services.polls: is not a domain name")));
}

}  // namespace
}  // namespace cloister::focus::app
