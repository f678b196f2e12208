#include "cli/doctor/sockets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloister::cli::doctor {
namespace {

using testing::ElementsAre;

SocketAddress at(const char* ip, std::uint16_t port) { return *SocketAddress::parse(ip, port); }

// As the kernel prints them, on a little-endian machine.
constexpr std::string_view kTcp =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000   997        0 11 1 0 100 0 "
    "0 10 0\n"
    "   1: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1 0 100 0 "
    "0 10 0\n"
    "   2: 0100007F:22B8 0100007F:C350 01 00000000:00000000 00:00000000 00000000   997        0 13 1 0 20 4 "
    "30 10 -1\n";
constexpr std::string_view kUdp6 =
    "  sl  local_address                         remote_address                        st tx_queue rx_queue\n"
    "   0: B80D0120000000000000000001000000:2710 00000000000000000000000000000000:0000 07 00000000:00000000\n"
    "   1: 00000000000000000000000001000000:0035 00000000000000000000000001000000:9999 01 "
    "00000000:00000000\n";

TEST(Sockets, TellsWhoListens) {
  EXPECT_THAT(parse_listeners(kTcp, Transport::tcp), ElementsAre(at("127.0.0.1", 8888), at("0.0.0.0", 443)));
  EXPECT_THAT(parse_listeners(kUdp6, Transport::udp), ElementsAre(at("2001:db8::1", 10000)));
}

TEST(Sockets, LeavesOutWhatItDoesNotUnderstand) {
  for (const char* line : {"", "0:", "0: 0100007F 0 0A", "0: 0100007G:22B8 0 0A", "0: 0100007F:122B8 0 0A",
                           "0: 0100007F: 0 0A", "0: 01:22B8 0 0A", "0: 0100007F:22B8 0"})
    EXPECT_TRUE(parse_listeners(line, Transport::tcp).empty()) << line;
}

}  // namespace
}  // namespace cloister::cli::doctor
