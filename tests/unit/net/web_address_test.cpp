#include <gtest/gtest.h>

#include "net/web_client.h"

namespace cloister::net {
namespace {

struct Case {
  const char* url;
  const char* host;
  std::uint16_t port;
  const char* target;
  const char* authority;
};
constexpr Case kGood[] = {
    {"https://meet.test",             "meet.test", 443,  "/",       "meet.test"     },
    {"https://meet.test:8443/room?a", "meet.test", 8443, "/room?a", "meet.test:8443"},
    {"wss://meet.test?x=1",           "meet.test", 443,  "/?x=1",   "meet.test"     },
    {"https://meet.test/a#b",         "meet.test", 443,  "/a",      "meet.test"     },
    {"https://[::1]:8443/",           "::1",       8443, "/",       "[::1]:8443"    },
};
TEST(WebAddress, ReadsUrls) {
  for (const Case& one : kGood) {
    SCOPED_TRACE(one.url);
    const auto address = WebAddress::parse(one.url);
    ASSERT_TRUE(address);
    EXPECT_EQ(address->host, one.host);
    EXPECT_EQ(address->port, one.port);
    EXPECT_EQ(address->target, one.target);
    EXPECT_EQ(address->authority(), one.authority);
  }
}

TEST(WebAddress, RefusesWhatIsNoAddressOrNotSecure) {
  for (const char* url : {"", "meet.test", "http://meet.test/", "https://", "https://:443/", "https://h:0/",
                          "https://h:65536/", "https://h:4x/", "https://a@h/", "https://[::1/"})
    EXPECT_FALSE(WebAddress::parse(url)) << url;
}

TEST(WebAddress, KnowsThisMachine) {
  for (const char* url :
       {"https://localhost/", "https://127.0.0.1:8443/", "https://127.1.2.3/", "https://[::1]/"})
    EXPECT_TRUE(WebAddress::parse(url)->is_loopback()) << url;
  for (const char* url : {"https://meet.test/", "https://192.0.2.1/", "https://localhost.evil.test/"})
    EXPECT_FALSE(WebAddress::parse(url)->is_loopback()) << url;
}

}  // namespace
}  // namespace cloister::net
