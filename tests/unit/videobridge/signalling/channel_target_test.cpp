#include <gtest/gtest.h>

#include "videobridge/signalling/http_api.h"

namespace cloister::videobridge::signalling {
namespace {

constexpr std::string_view kPrefix = "/colibri-ws/bridge-1";

TEST(ChannelTarget, NamesShardConferenceEndpointAndPassword) {
  const auto target = parse_channel_target("/colibri-ws/bridge-1/3/6f2a/ab12cd34?x=1&pwd=secret", kPrefix);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->shard, 3U);
  EXPECT_EQ(target->request.conference, "6f2a");
  EXPECT_EQ(target->request.endpoint.expose(), "ab12cd34");
  EXPECT_EQ(target->request.password.expose(), "secret");
}

TEST(ChannelTarget, WithoutAPasswordItIsEmpty) {
  EXPECT_EQ(parse_channel_target("/colibri-ws/bridge-1/0/a/b", kPrefix)->request.password.expose(), "");
}

TEST(ChannelTarget, RefusesWhatIsNoBridgeChannel) {
  for (const std::string_view target :
       {"/", "/colibri-ws", "/colibri-ws/bridge-2/0/a/b?pwd=x", "/colibri-ws/bridge-1/0/a",
        "/colibri-ws/bridge-1//a/b", "/colibri-ws/bridge-1/zero/a/b", "/colibri-ws/bridge-1/0x/a/b",
        "/colibri-ws/bridge-1/-1/a/b", "/colibri-ws/bridge-1/99999999999999999999/a/b",
        "/colibri-ws/bridge-1/0/a/b/c", "/colibri-ws/bridge-10/a/b"}) {
    SCOPED_TRACE(target);
    EXPECT_FALSE(parse_channel_target(target, kPrefix));
  }
}

TEST(UrlPath, IsWhatFollowsTheHost) {
  EXPECT_EQ(url_path("wss://meet.example:8443/colibri-ws/b"), "/colibri-ws/b");
  EXPECT_EQ(url_path("wss://meet.example"), "");
  EXPECT_EQ(url_path("nonsense"), "");
}

}  // namespace
}  // namespace cloister::videobridge::signalling
