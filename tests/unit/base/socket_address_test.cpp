#include "base/socket_address.h"

#include <gtest/gtest.h>

#include <unordered_set>

namespace cloister {
namespace {

SocketAddress ip(std::string_view text) {
  const auto parsed = SocketAddress::parse(text, 7);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(SocketAddress());
}

TEST(SocketAddress, ReadsAndWritesBothFamilies) {
  const auto v4 = SocketAddress::parse("192.0.2.1", 10000);
  ASSERT_TRUE(v4);
  EXPECT_EQ(v4->family(), IpFamily::v4);
  EXPECT_EQ(v4->port(), 10000);
  EXPECT_EQ(v4->ip().size(), 4U);
  EXPECT_EQ(v4->ip_text_for_wire(), "192.0.2.1");

  const auto v6 = SocketAddress::parse("2001:0db8::0001", 443);
  ASSERT_TRUE(v6);
  EXPECT_EQ(v6->family(), IpFamily::v6);
  EXPECT_EQ(v6->ip().size(), 16U);
  EXPECT_EQ(v6->ip_text_for_wire(), "2001:db8::1");
}

TEST(SocketAddress, RefusesWhatIsNoAddress) {
  constexpr std::string_view kNoAddress[] = {
      "",           "localhost", "192.0.2", "192.0.2.256", "192.0.2.1:80", "192.0.2.1 ",  "2001:db8:",
      "fe80::1%lo", "[::1]",     "::1/128", "abcd.local",  "0x7f.0.0.1",   "2001::db8::1"};
  for (const std::string_view text : kNoAddress) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(SocketAddress::parse(text, 1));
  }
}

TEST(SocketAddress, AMappedAddressIsItsIpv4) {
  const SocketAddress mapped = ip("::ffff:192.0.2.7");
  EXPECT_EQ(mapped.family(), IpFamily::v4);
  EXPECT_TRUE(mapped == ip("192.0.2.7"));
  EXPECT_EQ(ip("::fffe:192.0.2.7").family(), IpFamily::v6);
}

struct Kind {
  std::string_view text;
  bool unspecified, loopback, link_local, is_private;
};
constexpr Kind kKinds[] = {
    {"0.0.0.0",         true,  false, false, false},
    {"::",              true,  false, false, false},
    {"127.0.0.1",       false, true,  false, false},
    {"127.255.255.254", false, true,  false, false},
    {"128.0.0.1",       false, false, false, false},
    {"::1",             false, true,  false, false},
    {"::2",             false, false, false, false},
    {"1::1",            false, false, false, false},
    {"169.254.1.1",     false, false, true,  false},
    {"169.253.1.1",     false, false, false, false},
    {"fe80::1",         false, false, true,  false},
    {"febf::1",         false, false, true,  false},
    {"fec0::1",         false, false, false, false},
    {"10.255.0.1",      false, false, false, true },
    {"11.0.0.1",        false, false, false, false},
    {"172.15.255.255",  false, false, false, false},
    {"172.16.0.1",      false, false, false, true },
    {"172.31.255.255",  false, false, false, true },
    {"172.32.0.1",      false, false, false, false},
    {"192.168.0.1",     false, false, false, true },
    {"192.169.0.1",     false, false, false, false},
    {"100.64.0.1",      false, false, false, true },
    {"100.127.255.255", false, false, false, true },
    {"100.128.0.1",     false, false, false, false},
    {"fc00::1",         false, false, false, true },
    {"fdff::1",         false, false, false, true },
    {"fe00::1",         false, false, false, false},
    {"2001:db8::1",     false, false, false, false},
};

TEST(SocketAddress, KnowsWhereAnAddressBelongs) {
  for (const auto& [text, unspecified, loopback, link_local, is_private] : kKinds) {
    SCOPED_TRACE(text);
    const SocketAddress address = ip(text);
    EXPECT_EQ(address.is_unspecified(), unspecified);
    EXPECT_EQ(address.is_loopback(), loopback);
    EXPECT_EQ(address.is_link_local(), link_local);
    EXPECT_EQ(address.is_private(), is_private);
  }
}

TEST(SocketAddress, DiffersByFamilyAddressAndPort) {
  const SocketAddress a = ip("192.0.2.1");
  EXPECT_TRUE(a == a.with_port(7));
  EXPECT_FALSE(a == a.with_port(8));
  EXPECT_FALSE(ip("0.0.0.0") == ip("::"));
  const std::unordered_set<SocketAddress> set{a, a.with_port(8), a.with_port(0x0700), ip("192.0.2.2"), a};
  EXPECT_EQ(set.size(), 4U);
  EXPECT_NE(std::hash<SocketAddress>()(a), std::hash<SocketAddress>()(a.with_port(8)));
}

}  // namespace
}  // namespace cloister
