#include "firewall/policy/prefix.h"

#include <gtest/gtest.h>

namespace cloister::firewall::policy {
namespace {

TEST(Prefix, ReadsNetworksAndSaysThemAgain) {
  for (const char* text :
       {"192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::/32", "2001:db8::1", "fe80::/10"}) {
    SCOPED_TRACE(text);
    const auto prefix = Prefix::parse(text);
    ASSERT_TRUE(prefix);
    EXPECT_EQ(prefix->text(), text);
  }
}

TEST(Prefix, RefusesWhatIsNoNetwork) {
  for (const char* text :
       {"", "/24", "192.0.2", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/24x", "192.0.2.1/24",
        "2001:db8::/129", "2001:db8::1/64", "example.org"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(Prefix::parse(text));
  }
}

TEST(Prefix, OverlapsTheWiderAndTheNarrower) {
  const auto overlap = [](const char* one, const char* two) {
    const bool found = Prefix::parse(one)->overlaps(*Prefix::parse(two));
    EXPECT_EQ(found, Prefix::parse(two)->overlaps(*Prefix::parse(one)));
    return found;
  };
  EXPECT_TRUE(overlap("192.0.2.0/23", "192.0.3.255"));
  EXPECT_FALSE(overlap("192.0.2.0/23", "192.0.4.0"));
  EXPECT_TRUE(overlap("2001:db8::7", "2001:db8::/64"));
  EXPECT_FALSE(overlap("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(overlap("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(overlap("0.0.0.0/0", "203.0.113.9"));
}

TEST(Prefix, IsCutAroundAnAddress) {
  EXPECT_EQ(Prefix::around(*SocketAddress::parse("2001:db8:0:1:2:3:4:5", 9), 64).text(), "2001:db8:0:1::/64");
  EXPECT_EQ(Prefix::around(*SocketAddress::parse("192.0.2.7", 9), 32).text(), "192.0.2.7");
}

}  // namespace
}  // namespace cloister::firewall::policy
