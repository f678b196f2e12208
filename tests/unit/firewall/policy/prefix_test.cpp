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

TEST(Prefix, ContainsTheAddressesOfItsFamily) {
  const auto inside = [](const char* network, const char* address) {
    return Prefix::parse(network)->contains(*SocketAddress::parse(address, 7));
  };
  EXPECT_TRUE(inside("192.0.2.0/23", "192.0.3.255"));
  EXPECT_FALSE(inside("192.0.2.0/23", "192.0.4.0"));
  EXPECT_TRUE(inside("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(inside("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(inside("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(inside("0.0.0.0/0", "203.0.113.9"));
}

}  // namespace
}  // namespace cloister::firewall::policy
