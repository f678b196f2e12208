#include "videobridge/app/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace cloister::videobridge::app {
namespace {

using testing::Contains;
using testing::HasSubstr;

class BridgeSettings : public testing::Test {
protected:
  BridgeSettings() {
    std::filesystem::create_directories(folder_);
    write("secret", "not for logs\n");
  }
  ~BridgeSettings() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    return path.string();
  }
  std::string minimal(const std::string& more = "") const {
    return "xmpp: {domain: auth.d, brewery: jvbbrewery@internal.auth.d, password_file: " +
           (folder_ / "secret").string() + "}\n" + more;
  }
  Result<Settings, SettingsError> load(const std::string& yaml) const {
    return load_settings(write("bridge.yaml", yaml));
  }

private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("bridge-settings-" + std::to_string(::getpid()));
};

TEST_F(BridgeSettings, MinimalFileGivesTheDefaults) {
  const auto settings = load(minimal());
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->media.port, 10000);
  EXPECT_TRUE(settings->sctp);
  EXPECT_TRUE(settings->media.equal_sizes);
  EXPECT_EQ(settings->audio.loudest, 10);
  EXPECT_EQ(settings->xmpp.password, "not for logs");
}

TEST_F(BridgeSettings, RelaysNeedANameThatOtherBridgesKnow) {
  EXPECT_FALSE(load(minimal())->relay.enabled);
  const auto relays = load(minimal("relay: {enabled: true, id: bridge-1, port: 20100, ports: 4}"));
  ASSERT_TRUE(relays);
  EXPECT_TRUE(relays->relay.enabled);
  EXPECT_EQ(relays->relay.id, "bridge-1");
  EXPECT_EQ(relays->relay.port, 20100);
  const auto nameless = load(minimal("relay: {enabled: true}"));
  ASSERT_FALSE(nameless);
  EXPECT_THAT(nameless.error().problems, Contains(HasSubstr("relay.id: is missing")));
}

TEST_F(BridgeSettings, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* yaml;
    const char* problem;
  };
  const Case cases[] = {
      {"media: {prot: 1}",                                                 "media.prot: is not a setting of this program"},
      {"media: {port: 0}",                                                 "media.port: 0 is not in 1…65535"           },
      {"media: {port: many}",                                              "media.port: has a value of the wrong kind"   },
      {"media: {addresses: [example.org]}",                                "media.addresses: is not an IP address"       },
      {"media: {advertise: [{local: 10.0.0.1}]}",                          "media.advertise[0].public: is missing"       },
      {"media: {advertise: [{local: 10.0.0.1, public: \"2001:db8::1\"}]}", "is not of the same family"                   },
      {"websocket: {url: \"https://meet.example\"}",                       "must begin with wss:// or ws://"             },
      {"audio: {loudest: 1001}",                                           "audio.loudest: 1001 is not in 0…1000"      },
      {"limits: {last_n: -2}",                                             "limits.last_n: -2 is not in -1…1000"       },
      {"limits: {last_n_by_size: [{size: 3}]}",                            "last_n_by_size[0].size: is not a setting"    },
      {"load: {threshold: 0.5}",                                           "load.recovery: is not below the threshold"   },
      {"shutdown: {longest_seconds: -1}",                                  "shutdown.longest_seconds: -1 is not in"      },
      {"colour: blue",                                                     "colour: is not a setting of this program"    },
  };
  for (const auto& [yaml, problem] : cases) {
    SCOPED_TRACE(yaml);
    const auto settings = load(minimal(yaml));
    ASSERT_FALSE(settings);
    EXPECT_THAT(settings.error().problems, Contains(HasSubstr(problem)));
  }
}

// Checklist: 30
TEST_F(BridgeSettings, LimitsAreReadAndOrdered) {
  const auto settings =
      load(minimal("limits: {last_n: 25, last_n_by_size: [{participants: 50, last_n: 5}, {participants: 20, "
                   "last_n: 10}],\n"
                   "         downlink_bitrate: 4000000, channel_messages_per_second: 20}\n"
                   "load: {shedding: false, packets_per_second: 200000}\ndrain: true\n"
                   "shutdown: {http: true, farewell_seconds: 5}"));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->limits.last_n, 25);
  EXPECT_EQ(settings->limits.last_n_by_size.at(0).last_n, 10);
  EXPECT_EQ(settings->limits.downlink_bitrate, 4'000'000);
  EXPECT_EQ(settings->limits.channel.messages_per_second, 20);
  EXPECT_FALSE(settings->load.shedding);
  EXPECT_TRUE(settings->drain);
  EXPECT_TRUE(settings->shutdown_by_http);
  EXPECT_EQ(settings->shutdown.farewell, std::chrono::seconds(5));
}

TEST_F(BridgeSettings, MissingFileAndMissingSecretAreNamed) {
  EXPECT_THAT(load_settings("/nowhere/bridge.yaml").error().problems, Contains(HasSubstr("cannot be read")));
  const auto settings = load("xmpp: {domain: d, brewery: b@d, password_file: /nowhere}");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().problems,
              Contains(HasSubstr("password_file: names a file that cannot be read")));
}

}  // namespace
}  // namespace cloister::videobridge::app
