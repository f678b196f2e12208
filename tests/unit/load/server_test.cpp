#include "load/server.h"

#include <gtest/gtest.h>

namespace cloister::load {
namespace {

constexpr const char* kScript = R"(// a comment with domain: 1
var config = {
  hosts: { domain: "meet.test", anonymousdomain: 'guest.meet.test', muc: "rooms.meet.test", focus: "focus.meet.test" },
  websocket: "wss://meet.test:8443/xmpp-websocket",
  focusUserJid: "focus@auth.meet.test",
};)";

TEST(ServerConfig, TellsWhereToSignInAndWhomToAsk) {
  const auto server = parse_config(kScript);
  ASSERT_TRUE(server);
  EXPECT_EQ(server->login_domain, "guest.meet.test");
  EXPECT_EQ(server->room_domain, "rooms.meet.test");
  EXPECT_EQ(server->focus, "focus.meet.test");
  EXPECT_EQ(server->web_socket.host, "meet.test");
  EXPECT_EQ(server->web_socket.port, 8443);
  EXPECT_EQ(server->web_socket.target, "/xmpp-websocket");
}

TEST(ServerConfig, FillsInWhatClientsTakeForGranted) {
  const auto server =
      parse_config(R"(var config = {"hosts": {"domain": "d", "muc": "m"}, "websocket": "wss://d/ws"};)");
  ASSERT_TRUE(server);
  EXPECT_EQ(server->login_domain, "d");
  EXPECT_EQ(server->focus, "focus.d");
  EXPECT_EQ(server->web_socket.port, 443);
}

struct Refusal {
  const char* why;
  const char* script;
  ConfigError error;
};
constexpr Refusal kRefusals[] = {
    {"nothing",                 "",                                                                 ConfigError::no_hosts     },
    {"a page",                  "<!doctype html><title>domain: muc:</title>",                       ConfigError::no_hosts     },
    {"a key at the very end",   "var config = {hosts:{domain: \"d\", muc:",                         ConfigError::no_hosts     },
    {"a text without its end",  "var config = {hosts:{domain: \"d\", muc: \"m",                     ConfigError::no_hosts     },
    {"no rooms",                "var config = {hosts:{domain: \"d\"}}",                             ConfigError::no_hosts     },
    {"a longer key",            "var config = {hosts:{subdomain: \"d\", muc: \"m\"}}",              ConfigError::no_hosts     },
    {"no WebSocket",            "var config = {hosts:{domain: \"d\", muc: \"m\"}}",                 ConfigError::no_web_socket},
    {"a WebSocket without TLS", "var config = {domain: \"d\", muc: \"m\", websocket: \"ws://d/\"}",
     ConfigError::no_web_socket                                                                                               },
};
TEST(ServerConfig, RefusesWhatIsNone) {
  for (const auto& [why, script, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto server = parse_config(script);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error(), error);
  }
}

TEST(Room, IsTheLastPartOfThePathInLowerCase) {
  EXPECT_EQ(room_of("/Some-Room"), "some-room");
  EXPECT_EQ(room_of("/tenant/room/?jwt=x#y"), "room");
  EXPECT_EQ(room_of("/"), "");
}

}  // namespace
}  // namespace cloister::load
