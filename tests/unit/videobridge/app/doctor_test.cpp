// What `cloister-bridge --doctor` tells people, by machine and settings.
#include "videobridge/app/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/udp_socket.h"

namespace cloister::videobridge::app {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::Not;

net::LocalAddress at(const char* interface, const char* ip, bool up = true) {
  return {interface, *SocketAddress::parse(ip, 0), up};
}

const std::vector kPublic{at("lo", "127.0.0.1"), at("eth0", "192.0.2.10"), at("eth0", "2001:db8::10"),
                          at("eth0", "fe80::1")};
const std::vector kHome{at("lo", "127.0.0.1"), at("eth0", "10.0.0.5")};

struct Case {
  const char* what;
  std::vector<net::LocalAddress> local;
  MediaSettings media;
  bool healthy;
  std::vector<const char*> says;
  std::vector<const char*> never_says;
};

std::vector<Case> cases() {
  return {
      {"a server on the Internet",
       kPublic,                                                                               {},
       true,  {"Media: UDP ports 10000-10001", "host   192.0.2.10 ports 10000-10001: IPv4, public, on eth0",
        "host   2001:db8::10 ports 10000-10001: IPv6, public, on eth0",
        "127.0.0.1 on lo: loopback, and media.include_loopback is off", "fe80::1 on eth0: link-local",
        "ok      IPv4 participants", "ok      IPv6 participants", "ok      UDP 10000-10001 can be bound"},
       {"advice", "FAULT"}                        },
      {"behind NAT, and nobody said so",
       kHome,                                                                                 {},
       true,  {"host   10.0.0.5 ports 10000-10001: IPv4, private, on eth0", "advice  All IPv4 addresses are private",
        "forward UDP 10000-10001", "advertise: [{local: 10.0.0.5, public:", "This machine has no IPv6."},
       {"FAULT"}                                  },
      {"behind NAT, mapped",
       kHome,                                                                                 {.port = 10000, .advertise = {{"10.0.0.5", "203.0.113.9", 443}}},
       true,  {"srflx  203.0.113.9 ports 443-444: IPv4, public, leads to 10.0.0.5 by media.advertise",
        "ok      IPv4 participants"},
       {"FAULT", "All IPv4 addresses are private"}},
      {"mapped, the private address kept back",
       kHome,                                                                                 {.advertise = {{"10.0.0.5", "203.0.113.9", 0}}, .advertise_private_candidates = false},
       true,  {"srflx  203.0.113.9 ports 10000-10001",
        "10.0.0.5: private, and media.advertise_private_candidates is off"},
       {"FAULT", "host   10.0.0.5"}               },
      {"private addresses kept back and nothing else",
       kHome,                                                                                 {.advertise_private_candidates = false},
       false, {"Participants are told:", "  nothing", "FAULT   Nobody can connect"},
       {"All IPv4 addresses are private"}         },
      {"a mapping of an address that is not listened on",
       kHome,                                                                                 {.advertise = {{"10.0.0.6", "203.0.113.9", 0}}},
       false, {"FAULT   media.advertise: 10.0.0.6 is not an address that the bridge listens on, so 203.0.113.9 is "
        "never told",
        "advice  All IPv4 addresses are private"},
       {"srflx"}                                  },
      {"a mapping to another private network",
       kHome,                                                                                 {.advertise = {{"10.0.0.5", "192.168.1.5", 0}}},
       true,  {"advice  media.advertise: 192.168.1.5 is private itself", "advice  All IPv4 addresses are private"},
       {"FAULT"}                                  },
      {"one address chosen of several, one interface down",
       {at("eth0", "192.0.2.10"), at("eth1", "192.0.2.20"), at("eth2", "192.0.2.30", false)},
       {.addresses = {"192.0.2.20"}},
       true,  {"host   192.0.2.20 ports", "192.0.2.10 on eth0: not named in media.addresses",
        "192.0.2.30 on eth2: the interface is down"},
       {"host   192.0.2.10", "FAULT"}             },
      {"a machine without a network",
       {at("lo", "127.0.0.1"), at("lo", "::1")},
       {},
       false, {"FAULT   Nobody can connect: there is no address to tell"},
       {"host"}                                   },
      {"a trial on one machine",
       {at("lo", "127.0.0.1"), at("lo", "::1")},
       {.include_loopback = true},
       true,  {"host   127.0.0.1 ports 10000-10001: IPv4, this machine only, on lo"},
       {"FAULT"}                                  },
      {"IPv6 within the house only",
       {at("eth0", "192.0.2.10"), at("eth0", "fd00::10")},
       {},
       true,  {"host   fd00::10 ports 10000-10001: IPv6, private", "advice  IPv6 reaches the local network only"},
       {"FAULT", "ok      IPv6"}                  },
      {"IPv6 only",
       {at("eth0", "2001:db8::10")},
       {},
       true,  {"advice  No IPv4 address that others can reach", "ok      IPv6 participants"},
       {"FAULT"}                                  },
  };
}

// Checklist: 71, 72, 80
TEST(Doctor, ExplainsWhatIsAdvertisedAndWhy) {
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.what);
    Findings findings{.local = one.local, .shards = 2, .ports = {}};
    for (const net::LocalAddress& local : one.local)
      findings.ports.push_back({local.address.with_port(10000), {}});
    const Diagnosis diagnosis = diagnose(one.media, findings);
    EXPECT_EQ(diagnosis.healthy, one.healthy);
    for (const char* text : one.says) EXPECT_THAT(diagnosis.lines, Contains(HasSubstr(text)));
    for (const char* text : one.never_says) EXPECT_THAT(diagnosis.lines, Each(Not(HasSubstr(text))));
  }
}

TEST(Doctor, SaysWhyAPortCannotBeBound) {
  struct Trial {
    std::errc error;
    const char* says;
  };
  for (const auto& [error, says] : {
           Trial{std::errc::address_in_use,        "FAULT   UDP port 10001 on 192.0.2.10 is in use"        },
           Trial{std::errc::address_not_available, "FAULT   192.0.2.10 is not an address of this machine"  },
           Trial{std::errc::permission_denied,     "10001 on 192.0.2.10 cannot be bound: Permission denied"}
  }) {
    const Findings findings{
        .local = kPublic,
        .shards = 2,
        .ports = {{*SocketAddress::parse("192.0.2.10", 10000), {}},
                  {*SocketAddress::parse("192.0.2.10", 10001), make_error_code(error)}}
    };
    const Diagnosis diagnosis = diagnose({}, findings);
    EXPECT_FALSE(diagnosis.healthy);
    EXPECT_THAT(diagnosis.lines, Contains(HasSubstr(says)));
    EXPECT_THAT(diagnosis.lines, Each(Not(HasSubstr("can be bound on every address"))));
  }
}

TEST(Doctor, OneThreadHasOnePort) {
  const Diagnosis diagnosis = diagnose({}, {.local = kPublic, .shards = 1, .ports = {}});
  EXPECT_THAT(diagnosis.lines, Contains(HasSubstr("Media: UDP port 10000, one")));
  EXPECT_THAT(diagnosis.lines, Contains(HasSubstr("host   192.0.2.10 port 10000:")));
}

TEST(Doctor, TriesThePortsOfThisMachine) {
  const auto taken = net::open_udp_socket(*SocketAddress::parse("127.0.0.1", 0), 0, 0);
  ASSERT_TRUE(taken);
  MediaSettings media{
      .port = net::bound_address(taken->get()).port(), .shards = 1, .addresses = {"127.0.0.1"}};
  const Findings busy = examine(media);
  ASSERT_EQ(busy.ports.size(), 1U);
  EXPECT_TRUE(busy.ports[0].error == std::errc::address_in_use);
  EXPECT_THAT(busy.local, Contains(testing::Field(&net::LocalAddress::interface, "lo")));
}

}  // namespace
}  // namespace cloister::videobridge::app
