#include "cli/doctor/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hex.h"

namespace cloister::cli::doctor {
namespace {

using test::hex;
using testing::ElementsAre;
using testing::IsEmpty;

// meet.example A 192.0.2.1
constexpr std::string_view kAnswer =
    "0001 8180 0001 0001 0000 0000 046d656574 076578616d706c65 00 0001 0001"
    "c00c 0001 0001 0000003c 0004 c0000201";

TEST(Names, ReadsTheAddressOfAnAnswer) {
  EXPECT_THAT(addresses_in(hex(kAnswer), IpFamily::v4), ElementsAre(*SocketAddress::parse("192.0.2.1", 0)));
  EXPECT_THAT(addresses_in(hex(kAnswer), IpFamily::v6), IsEmpty());
}

TEST(Names, FindsNothingInWhatIsNoAnswer) {
  const auto whole = hex(kAnswer);
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THAT(addresses_in(Bytes(whole).first(length), IpFamily::v4), IsEmpty()) << length;
}

TEST(Names, AsksNobodyForAnAddressOrForThisMachine) {
  EXPECT_THAT(*look_up("192.0.2.7", IpFamily::v4), ElementsAre(*SocketAddress::parse("192.0.2.7", 0)));
  EXPECT_THAT(*look_up("192.0.2.7", IpFamily::v6), IsEmpty());
  EXPECT_THAT(*look_up("localhost", IpFamily::v6), ElementsAre(*SocketAddress::parse("::1", 0)));
}

}  // namespace
}  // namespace cloister::cli::doctor
