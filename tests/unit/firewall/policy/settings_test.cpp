#include "firewall/policy/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace cloister::firewall::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FirewallSettingsTest : public testing::Test {
protected:
  ~FirewallSettingsTest() override { std::filesystem::remove(file); }
  Result<Settings, SettingsError> load(const std::string& text) const {
    std::ofstream(file) << text;
    return load_settings(file.string(), [](const std::string& name) {
      return name == "bridge" ? std::optional<std::uint32_t>(901) : std::nullopt;
    });
  }
  std::vector<std::string> problems(const std::string& text) const {
    const auto settings = load(text);
    return settings ? std::vector<std::string>() : settings.error().problems;
  }
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     (std::string("firewall-settings-") + std::to_string(getpid()) +
                                      testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(FirewallSettingsTest, AnEmptyFileLetsNothingIn) {
  const auto settings = load("");
  ASSERT_TRUE(settings);
  EXPECT_TRUE(settings->input.empty());
  EXPECT_TRUE(settings->output.empty());
  EXPECT_EQ(settings->confirm_within, std::chrono::seconds(60));
  EXPECT_EQ(settings->bans.size, 65536U);
}

TEST_F(FirewallSettingsTest, ReadsServicesAndOutgoing) {
  const auto settings = load(R"(
input:
  - {name: ssh, protocol: tcp, ports: [22], sources: [192.0.2.0/24], family: ipv4, rate: {count: 6, per: minute}}
  - {name: media, protocol: udp, ports: [3478, "10000-10003"], rate: {count: 5000, burst: 9000, sources: 1024}}
output:
  - {name: media, user: bridge, protocol: udp, from_ports: ["10000-10003"]}
  - {name: dns, user: "77", protocol: udp, ports: [53], to: ["2001:db8::53"]}
clients: [bridge, "12"]
bans: {never: [198.51.100.0/24], longest_seconds: 60}
)");
  ASSERT_TRUE(settings) << settings.error().problems.front();
  const Service& ssh = settings->input[0];
  EXPECT_EQ(ssh.transport, Transport::tcp);
  EXPECT_EQ(ssh.family, IpFamily::v4);
  EXPECT_THAT(ssh.sources, ElementsAre(*Prefix::parse("192.0.2.0/24")));
  EXPECT_EQ(ssh.rate->counts, Rate::Counts::connections);
  EXPECT_EQ(ssh.rate->per, std::chrono::minutes(1));
  EXPECT_EQ(ssh.rate->burst, 12U);
  const Service& media = settings->input[1];
  EXPECT_THAT(media.ports, ElementsAre(PortRange{3478, 3478}, PortRange{10000, 10003}));
  EXPECT_EQ(media.rate->counts, Rate::Counts::packets);
  EXPECT_EQ(media.rate->burst, 9000U);
  EXPECT_EQ(media.rate->sources, 1024U);
  EXPECT_EQ(settings->output[0].user, 901U);
  EXPECT_EQ(settings->output[1].user, 77U);
  EXPECT_THAT(settings->clients, ElementsAre(901U, 12U));
  EXPECT_EQ(settings->bans.longest, std::chrono::seconds(60));
}

struct Refusal {
  const char* what;
  const char* text;
  const char* problem;
};

constexpr Refusal kRefusals[] = {
    {"a port too high",          "input: [{name: a, protocol: tcp, ports: [65536]}]",                                   R"(ports: "65536" is neither)"       },
    {"port 0",                   "input: [{name: a, protocol: tcp, ports: [0]}]",                                       R"(ports: "0" is neither)"           },
    {"a range backwards",        "input: [{name: a, protocol: tcp, ports: [9-8]}]",                                     R"(ports: "9-8" is neither)"         },
    {"no port",                  "input: [{name: a, protocol: tcp}]",                                                   "ports: names no port"               },
    {"another protocol",         "input: [{name: a, protocol: sctp, ports: [1]}]",
     "protocol: is neither tcp nor udp"                                                                                                                      },
    {"no protocol",              "input: [{name: a, ports: [1]}]",                                                      "protocol: is missing"               },
    {"no name",                  "input: [{protocol: tcp, ports: [1]}]",                                                "name: is missing"                   },
    {"a name that is no word",   "input: [{name: 'a b', protocol: tcp, ports: [1]}]",                                   "name: must be 1…24"               },
    {"a name too long",          "input: [{name: aaaaaaaaaaaaaaaaaaaaaaaaa, protocol: tcp, ports: [1]}]",
     "name: must be"                                                                                                                                         },
    {"a name twice",             "input: [{name: a, protocol: tcp, ports: [1]}, {name: a, protocol: udp, ports: [1]}]",
     R"(name: "a" stands here twice)"                                                                                                                        },
    {"a family",                 "input: [{name: a, protocol: tcp, ports: [1], family: ipx}]",                          "family: is none of"                 },
    {"a network",                "input: [{name: a, protocol: tcp, ports: [1], sources: [10.0.0.1/8]}]",
     "sources: \"10.0.0.1/8\""                                                                                                                               },
    {"a rate of nothing",        "input: [{name: a, protocol: tcp, ports: [1], rate: {count: 0}}]",
     "rate.count: 0 is not in"                                                                                                                               },
    {"a time",                   "input: [{name: a, protocol: tcp, ports: [1], rate: {count: 1, per: day}}]",
     "rate.per: is none of"                                                                                                                                  },
    {"a count",                  "input: [{name: a, protocol: tcp, ports: [1], rate: {count: 1, counts: bytes}}]",
     "counts: is neither"                                                                                                                                    },
    {"no user of this machine",  "output: [{name: a, user: nobody-here, protocol: udp}]",
     "no user of this machine"                                                                                                                               },
    {"everything to everywhere", "output: [{name: a, protocol: udp}]",                                                  "ports: must be named"               },
    {"an unknown client",        "clients: [nobody-here]",                                                              "clients: \"nobody-here\" is no user"},
    {"an unknown key",           "inputs: []",                                                                          "inputs: is not a setting"           },
    {"a list that is none",      "input: 7",                                                                            "input: must be a list"              },
    {"no mapping",               "[1, 2]",                                                                              "must be a mapping"                  },
    {"no YAML",                  "input: [",                                                                            ":"                                  },
};

TEST_F(FirewallSettingsTest, NamesWhatIsWrong) {
  for (const auto& [what, text, problem] : kRefusals) {
    SCOPED_TRACE(what);
    const auto found = problems(text);
    ASSERT_FALSE(found.empty());
    EXPECT_THAT(found, testing::Contains(HasSubstr(problem)));
    EXPECT_THAT(found.front(), HasSubstr(file.string() + ":"));
  }
}

TEST_F(FirewallSettingsTest, NamesTheLine) {
  EXPECT_THAT(problems("input:\n  - name: a\n    protocol: tcp\n    ports: [1]\n    family: ipx\n"),
              ElementsAre(HasSubstr(":2: input[0].family")));
}

}  // namespace
}  // namespace cloister::firewall::policy
