#include "wire/demux.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace cloister::wire {
namespace {

struct Case {
  const char* what;
  const char* datagram;
  PacketKind kind;
};
constexpr Case kCases[] = {
    {"nothing",                             "",     PacketKind::unknown},
    {"one byte",                            "80",   PacketKind::unknown},
    {"STUN binding request",                "0001", PacketKind::stun   },
    {"STUN's last first byte",              "0300", PacketKind::stun   },
    {"between STUN and DTLS",               "0400", PacketKind::unknown},
    {"ZRTP",                                "1000", PacketKind::unknown},
    {"DTLS's first content type",           "14fe", PacketKind::dtls   },
    {"DTLS 1.3 record",                     "3f00", PacketKind::dtls   },
    {"TURN channel",                        "4000", PacketKind::unknown},
    {"RTP",                                 "8060", PacketKind::rtp    },
    {"RTP with marker and payload type 96", "80e0", PacketKind::rtp    },
    {"RTP with all header bits",            "bf00", PacketKind::rtp    },
    {"RTP payload type 63 with marker",     "80bf", PacketKind::rtp    },
    {"first RTCP type",                     "80c0", PacketKind::rtcp   },
    {"sender report",                       "80c8", PacketKind::rtcp   },
    {"last RTCP type",                      "80df", PacketKind::rtcp   },
    {"behind RTP",                          "c000", PacketKind::unknown},
};

// Checklist: 100
TEST(Demux, TellsByTheFirstTwoBytes) {
  for (const auto& [what, datagram, kind] : kCases) EXPECT_EQ(classify(test::hex(datagram)), kind) << what;
}

}  // namespace
}  // namespace cloister::wire
