#include "firewall/protocol/request.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace cloister::firewall::protocol {
namespace {

using test::hex;

Personal<SocketAddress> address(const char* text) {
  return Personal<SocketAddress>(*SocketAddress::parse(text, 0));
}

TEST(GuardRequest, IsReadAsItWasWritten) {
  for (const Kind kind : {Kind::status, Kind::reload, Kind::apply, Kind::confirm}) {
    const Request request{.kind = kind, .time = {}, .addresses = {}};
    EXPECT_TRUE(parse_request(write_request(request)) == request);
  }
  Request ban{.kind = Kind::ban, .time = std::chrono::seconds(90), .addresses = {}};
  ban.addresses = {address("192.0.2.1"), address("192.0.2.2"), address("2001:db8::1")};
  EXPECT_TRUE(parse_request(write_request(ban)) == ban);
}

TEST(GuardRequest, TheLongestFits) {
  Request ban{.kind = Kind::ban, .time = std::chrono::seconds(1), .addresses = {}};
  ban.addresses.assign(kMostAddresses, address("2001:db8::1"));
  EXPECT_EQ(write_request(ban).size(), kLongestRequest);
  EXPECT_TRUE(parse_request(write_request(ban)));
}

struct Refusal {
  const char* why;
  const char* record;
  RequestError error;
};
constexpr Refusal kRefusals[] = {
    {"nothing",              "",                                           RequestError::truncated         },
    {"no kind",              "01",                                         RequestError::truncated         },
    {"another version",      "02 01",                                      RequestError::other_version     },
    {"kind 0",               "01 00",                                      RequestError::unknown_kind      },
    {"a kind too many",      "01 07",                                      RequestError::unknown_kind      },
    {"a byte too many",      "01 01 00",                                   RequestError::bytes_left        },
    {"a ban of nobody",      "01 02 0000003c 0000 0000",                   RequestError::no_address        },
    {"a ban without counts", "01 02 0000003c 0000",                        RequestError::truncated         },
    {"a ban for no time",    "01 02 00000000 0001 0000 c0000201",          RequestError::no_time           },
    {"too many",             "01 02 0000003c ffff ffff",                   RequestError::too_many_addresses},
    {"half an address",      "01 02 0000003c 0001 0000 c000",              RequestError::truncated         },
    {"an address too many",  "01 03 00000000 0001 0000 c0000201 c0000202", RequestError::bytes_left        },
};

TEST(GuardRequest, RefusesWhatIsNone) {
  for (const auto& [why, record, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto request = parse_request(hex(record));
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error(), error);
  }
}

TEST(GuardAnswer, IsReadAsItWasWritten) {
  const Answer answer{
      .outcome = Outcome::bad_settings,
      .status =
          {.bans4 = 1, .bans6 = 2, .rules = 3, .restored = 4, .seconds_to_confirm = 5, .in_force = true},
      .text = "firewall.yaml:1: …"
  };
  EXPECT_TRUE(parse_answer(write_answer(answer)) == answer);
}

TEST(GuardAnswer, LongTextIsCut) {
  const Answer answer{.outcome = Outcome::bad_settings, .status = {}, .text = std::string(100'000, 'x')};
  EXPECT_EQ(write_answer(answer).size(), kLongestAnswer);
}

TEST(GuardAnswer, RefusesWhatIsNone) {
  auto record = write_answer({});
  EXPECT_EQ(parse_answer(Bytes(record).first(record.size() - 1)).error(), AnswerError::truncated);
  record[1] = std::byte{8};
  EXPECT_EQ(parse_answer(record).error(), AnswerError::unknown_outcome);
  record[0] = std::byte{2};
  EXPECT_EQ(parse_answer(record).error(), AnswerError::other_version);
}

}  // namespace
}  // namespace cloister::firewall::protocol
