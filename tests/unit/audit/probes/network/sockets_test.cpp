#include <gmock/gmock.h>

#include "audit/probes/network/probes.h"
#include "audit/probes/network/socket_table.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::asked_with;
using support::MachineTree;
using ::testing::ElementsAre;

constexpr const char* kTcp =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 100 1 x\n"
    "   1: 0100007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1 x\n"
    "   2: 0A00020A:01BB 0202000A:D431 01 00000000:00000000 00:00000000 00000000     0        0 102 1 x\n"
    "   3: nonsense:01BB 0202000A:D431 0A 00000000:00000000 00:00000000 00000000     0        0 103 1 x\n";
constexpr const char* kTcp6 =
    "   0: 00000000000000000000000001000000:0035 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 104 "
    "1\n"
    "   1: 0000000000000000FFFF00000100007F:0036 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 105 "
    "1\n"
    "   2: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 106 "
    "1\n";
constexpr const char* kUdp =
    "   0: 00000000:2710 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 107 2 x\n"
    "   1: 0A00020A:A000 0202000A:0035 01 00000000:00000000 00:00000000 00000000     0        0 108 2 x\n";

std::vector<std::string> texts(std::string_view table, std::string_view protocol, bool outside) {
  std::vector<std::string> all;
  for (const Listener& each : parse_sockets(table, protocol))
    if (!outside || !each.loopback) all.push_back(each.text());
  return all;
}

TEST(SocketTable, ListsThoseThatWait) {
  EXPECT_THAT(texts(kTcp, "tcp", false), ElementsAre("tcp 0.0.0.0:443", "tcp 127.0.0.1:53"));
  EXPECT_THAT(texts(kUdp, "udp", false), ElementsAre("udp 0.0.0.0:10000"));
  EXPECT_THAT(texts(kTcp6, "tcp", false),
              ElementsAre("tcp [::1]:53", "tcp [::ffff:127.0.0.1]:54", "tcp [2001:db8::1]:80"));
}

TEST(SocketTable, KnowsLoopbackInEveryForm) {
  EXPECT_THAT(texts(kTcp, "tcp", true), ElementsAre("tcp 0.0.0.0:443"));
  EXPECT_THAT(texts(kTcp6, "tcp", true), ElementsAre("tcp [2001:db8::1]:80"));
}

TEST(Sockets, NamesWhoListensOutside) {
  MachineTree tree;
  tree.with("/proc/net/tcp", kTcp)
      .with("/proc/net/udp", kUdp)
      .with("/proc/7/comm", "nginx\n")
      .with_link("/proc/7/fd/3", "socket:[100]")
      .with_link("/proc/7/fd/4", "/dev/null");
  EXPECT_THAT(
      observe_sockets(tree.running(), asked_with({
                                          {"scope", {"outside"}}
  }))
          .facts,
      ElementsAre(Fact{"tcp 0.0.0.0:443", "443/tcp nginx"}, Fact{"udp 0.0.0.0:10000", "10000/udp ?"}));
  EXPECT_THAT(observe_sockets(tree.running(), asked_with({
                                                  {"ports", {"25", "53"}}
  }))
                  .facts,
              ElementsAre(Fact{"tcp 127.0.0.1:53", "53/tcp ?"}));
  EXPECT_EQ(observe_sockets(tree.unpacked(), asked("all")).state, State::not_running);
}

TEST(Sockets, FindsPortsWithoutARule) {
  MachineTree tree;
  tree.with("/proc/net/tcp", kTcp).with("/proc/net/udp", kUdp);
  tree.with("/etc/iptables/rules.v4", "-A INPUT -p tcp -m multiport --dports 80,440:450 -j ACCEPT\n");
  EXPECT_THAT(observe_sockets(tree.running(),
                              asked_with({
                                  {"scope",           {"outside"}               },
                                  {"without_rule_in", {"/etc/iptables/rules.v4"}}
  }))
                  .facts,
              ElementsAre(Fact{"udp 0.0.0.0:10000", "10000/udp ?"}));
}

TEST(Interfaces, KnowsRadio) {
  MachineTree tree;
  tree.with_folder("/sys/class/net/eth0")
      .with_folder("/sys/class/net/wlan0/wireless")
      .with_link("/sys/class/net/wlan0/device/driver", "../../../bus/pci/drivers/iwlwifi");
  EXPECT_THAT(observe_interfaces(tree.running(), asked("wireless")).facts,
              ElementsAre(Fact{"wlan0", "iwlwifi"}));
  EXPECT_EQ(observe_interfaces(tree.unpacked(), asked("wireless")).state, State::not_running);
}

}  // namespace
}  // namespace cloister::audit::probes
