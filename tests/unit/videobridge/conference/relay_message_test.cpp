#include "videobridge/conference/channel/relay_message.h"

#include <gtest/gtest.h>

#include "unit/videobridge/conference/parsed_message.h"

namespace cloister::videobridge::conference {
namespace {

using test::Refusal;

template <class Message>
Message parsed(std::string_view text) {
  return test::parsed<Message>(parse_relay_message, text);
}

constexpr Refusal kRefusals[] = {
    {"nothing",                   "",                                                                            MessageError::not_json     },
    {"a class of clients",        R"({"colibriClass":"LastNChangedEvent","lastN":1})",                           MessageError::unknown_class},
    {"wishes for nothing",        R"({"colibriClass":"AddReceiver","videoConstraints":{"maxHeight":1}})",
     MessageError::bad_field                                                                                                                },
    {"no wishes",                 R"({"colibriClass":"AddReceiver","sourceName":"a"})",                          MessageError::bad_field    },
    {"a height below -1",
     R"({"colibriClass":"AddReceiver","sourceName":"a","videoConstraints":{"maxHeight":-2}})",                   MessageError::bad_field    },
    {"nobody to forget",          R"({"colibriClass":"RemoveReceiver","bridgeId":"b"})",                         MessageError::bad_field    },
    {"a type of nobody's source",
     R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"a","videoType":"camera"})",                       MessageError::bad_field    },
    {"the status of nobody",      R"({"colibriClass":"EndpointConnectivityStatusChangeEvent","active":"true"})",
     MessageError::bad_field                                                                                                                },
    {"a status that is a number",
     R"({"colibriClass":"EndpointConnectivityStatusChangeEvent","endpoint":"a","active":1})",                    MessageError::bad_field    },
    {"a message from nobody",     R"({"colibriClass":"EndpointMessage","to":""})",                               MessageError::bad_field    },
    {"a message to nobody",       R"({"colibriClass":"EndpointMessage","from":"a"})",                            MessageError::bad_field    },
    {"statistics from nobody",    R"({"colibriClass":"EndpointStats"})",                                         MessageError::bad_field    },
};
TEST(RelayMessage, RefusesWhatMakesNoSense) { test::expect_refused(parse_relay_message, kRefusals); }

TEST(RelayMessage, AnotherBridgesWishesAreUnderstood) {
  const auto wish =
      parsed<AddReceiver>(R"({"colibriClass":"AddReceiver","bridgeId":"b","sourceName":"ab-v0",)"
                          R"("videoConstraints":{"maxHeight":360,"maxFrameRate":-1.0}})");
  EXPECT_EQ(wish.source, SourceName("ab-v0"));
  EXPECT_EQ(wish.constraints.max_height, 360);
  const auto ours = parsed<AddReceiver>(write_add_receiver("us", SourceName("cd-v0"), -1));
  EXPECT_EQ(ours.source, SourceName("cd-v0"));
  EXPECT_EQ(ours.constraints, bandwidth::VideoConstraints{.max_height = -1});
  const auto end =
      parsed<RemoveReceiver>(R"({"colibriClass":"RemoveReceiver","bridgeId":"b","endpointId":"ab"})");
  EXPECT_EQ(end.endpoint, EndpointId("ab"));
}

TEST(RelayMessage, WhatParticipantsTellIsTheirs) {
  const auto type = parsed<RelayedVideoType>(
      write_source_video_type(EndpointId("ab"), SourceName("ab-v1"), VideoType::desktop_high_fps));
  EXPECT_EQ(type.owner, EndpointId("ab"));
  EXPECT_EQ(type.message.source, SourceName("ab-v1"));
  EXPECT_EQ(type.message.type, VideoType::desktop_high_fps);
  const auto message = parsed<RelayedMessage>(
      R"({"colibriClass":"EndpointMessage","from":"ab","to":"cd","msgPayload":{"x":null}})");
  EXPECT_EQ(message.from, EndpointId("ab"));
  EXPECT_EQ(message.message.to, EndpointId("cd"));
  EXPECT_TRUE(message.message.fields.contains("msgPayload"));
  const auto stats =
      parsed<RelayedStats>(R"({"colibriClass":"EndpointStats","from":"ab","bitrate":{"upload":1}})");
  EXPECT_EQ(stats.from, EndpointId("ab"));
}

TEST(RelayMessage, AStatusMayBeTextOrATruthValue) {
  const auto lost = parsed<ConnectivityStatus>(write_connectivity_status(EndpointId("ab"), false));
  EXPECT_EQ(lost.endpoint, EndpointId("ab"));
  EXPECT_FALSE(lost.active);
  EXPECT_TRUE(parsed<ConnectivityStatus>(
                  R"({"colibriClass":"EndpointConnectivityStatusChangeEvent","endpoint":"a","active":true})")
                  .active);
}

}  // namespace
}  // namespace cloister::videobridge::conference
