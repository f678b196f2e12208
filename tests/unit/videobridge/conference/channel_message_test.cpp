#include "videobridge/conference/channel/channel_message.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "unit/videobridge/conference/parsed_message.h"

namespace cloister::videobridge::conference {
namespace {

using test::Refusal;

template <class Message>
Message parsed(std::string_view text) {
  return test::parsed<Message>(parse_message, text);
}

constexpr Refusal kRefusals[] = {
    {"nothing",                     "",                                                                  MessageError::not_json     },
    {"half an object",              R"({"colibriClass":)",                                               MessageError::not_json     },
    {"something behind the object", R"({"colibriClass":"ClientHello"} x)",                               MessageError::not_json     },
    {"too deep",                    R"([[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]])",                      MessageError::not_json     },
    {"an array",                    "[]",                                                                MessageError::not_an_object},
    {"no class",                    "{}",                                                                MessageError::no_class     },
    {"a class that is a number",    R"({"colibriClass":3})",                                             MessageError::no_class     },
    {"a class of the bridges",      R"({"colibriClass":"AddReceiver"})",                                 MessageError::unknown_class},
    {"lastN as text",               R"({"colibriClass":"LastNChangedEvent","lastN":"3"})",               MessageError::bad_field    },
    {"no lastN",                    R"({"colibriClass":"LastNChangedEvent"})",                           MessageError::bad_field    },
    {"a height below -1",
     R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":-2}})",             MessageError::bad_field    },
    {"constraints as array",        R"({"colibriClass":"ReceiverVideoConstraints","constraints":[]})",
     MessageError::bad_field                                                                                                        },
    {"one bad constraint",
     R"({"colibriClass":"ReceiverVideoConstraints","constraints":{"a":{"maxHeight":"x"}}})",             MessageError::bad_field    },
    {"a mode nobody knows",         R"({"colibriClass":"ReceiverAudioSubscription","mode":"Some"})",
     MessageError::bad_field                                                                                                        },
    {"a type nobody knows",
     R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"a","videoType":"film"})",                 MessageError::bad_field    },
    {"a type of nothing",           R"({"colibriClass":"SourceVideoTypeMessage","videoType":"camera"})",
     MessageError::bad_field                                                                                                        },
    {"to nobody",                   R"({"colibriClass":"EndpointMessage","msgPayload":{}})",             MessageError::bad_field    },
};
// Checklist: 190
TEST(ChannelMessage, RefusesWhatMakesNoSense) { test::expect_refused(parse_message, kRefusals); }

TEST(ChannelMessage, RefusesWhatIsTooLong) {
  const std::string text =
      R"({"colibriClass":"ClientHello","x":")" + std::string(kMaxMessageBytes, 'x') + "\"}";
  const auto message = parse_message(text);
  ASSERT_FALSE(message);
  EXPECT_EQ(message.error(), MessageError::too_long);
}

TEST(ChannelMessage, ReadsConstraintsAndPassesOverTheRest) {
  const auto message = parsed<ReceiverVideoConstraints>(R"({
    "colibriClass": "ReceiverVideoConstraints", "lastN": 5, "selectedSources": ["a-v0", 7], "onStageSources": null,
    "defaultConstraints": {"maxHeight": 180, "colour": "red"}, "news": {},
    "constraints": {"b-v0": {"maxHeight": 720.0, "maxFrameRate": 15}, "c-v0": null, "d-v0": {"maxFrameRate": 30}},
    "assumedBandwidthBps": -1})");
  EXPECT_EQ(message.last_n, 5);
  EXPECT_EQ(message.selected_sources, std::vector{SourceName("a-v0")});
  EXPECT_FALSE(message.on_stage_sources);
  EXPECT_EQ(message.default_constraints->max_height, 180);
  ASSERT_EQ(message.constraints->size(), 2U);
  EXPECT_EQ(message.constraints->at(SourceName("b-v0")), (bandwidth::VideoConstraints{720, 15}));
  EXPECT_EQ(message.constraints->at(SourceName("d-v0")).max_height, bandwidth::kUnlimited);
  EXPECT_EQ(message.assumed_bandwidth, -1);
}

TEST(ChannelMessage, LimitsNumbersInsteadOfOverflowing) {
  EXPECT_EQ(parsed<LastNChangedEvent>(R"({"colibriClass":"LastNChangedEvent","lastN":1e300})").last_n,
            std::numeric_limits<int>::max());
  EXPECT_EQ(parsed<LastNChangedEvent>(R"({"colibriClass":"LastNChangedEvent","lastN":18446744073709551615})")
                .last_n,
            std::numeric_limits<int>::max());
}

struct Subscription {
  const char* text;
  bool wants_a;
  bool wants_b;
};
constexpr Subscription kSubscriptions[] = {
    {R"({"colibriClass":"ReceiverAudioSubscription"})",                                     false, false},
    {R"({"colibriClass":"ReceiverAudioSubscription","all":true})",                          true,  true },
    {R"({"colibriClass":"ReceiverAudioSubscription","all":true,"exclude":["a"]})",          false, true },
    {R"({"colibriClass":"ReceiverAudioSubscription","all":false,"include":["a"]})",         true,  false},
    {R"({"colibriClass":"ReceiverAudioSubscription","include":["a","b"],"exclude":["b"]})", true,  false},
    {R"({"colibriClass":"ReceiverAudioSubscription","mode":"All"})",                        true,  true },
    {R"({"colibriClass":"ReceiverAudioSubscription","mode":"None","list":["a"]})",          false, false},
    {R"({"colibriClass":"ReceiverAudioSubscription","mode":"Include","list":["a"]})",       true,  false},
    {R"({"colibriClass":"ReceiverAudioSubscription","mode":"Exclude","list":["a"]})",       false, true },
};
// Checklist: 189
TEST(ChannelMessage, ReadsBothFormsOfAudioSubscription) {
  for (const Subscription& entry : kSubscriptions) {
    SCOPED_TRACE(entry.text);
    const auto message = parsed<ReceiverAudioSubscription>(entry.text);
    EXPECT_EQ(message.wants(SourceName("a")), entry.wants_a);
    EXPECT_EQ(message.wants(SourceName("b")), entry.wants_b);
  }
  EXPECT_TRUE(ReceiverAudioSubscription().wants(SourceName("a"))) << "before any message";
}

TEST(ChannelMessage, ReadsVideoTypesInAnyCase) {
  const auto type = [](const char* name) {
    return parsed<SourceVideoTypeMessage>(
               R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"a","videoType":")" +
               std::string(name) + "\"}")
        .type;
  };
  EXPECT_EQ(type("camera"), VideoType::camera);
  EXPECT_EQ(type("DESKTOP"), VideoType::desktop);
  EXPECT_EQ(type("Desktop_High_Fps"), VideoType::desktop_high_fps);
  EXPECT_EQ(type("none"), VideoType::none);
  EXPECT_EQ(type("disabled"), VideoType::none);
}

TEST(ChannelMessage, KeepsWhatEndpointMessagesCarryButTheSender) {
  auto message = parsed<EndpointMessage>(
      R"({"colibriClass":"EndpointMessage","to":"","from":"mallory","msgPayload":{"x":[1,null]},"extra":true})");
  EXPECT_TRUE(message.to.expose().empty());
  const auto written = boost::json::parse(write_endpoint_message(message.fields, EndpointId("alice")));
  EXPECT_EQ(
      written,
      boost::json::parse(
          R"({"colibriClass":"EndpointMessage","to":"","from":"alice","msgPayload":{"x":[1,null]},"extra":true})"));
}

TEST(ChannelMessage, WritesWhatClientsCompareLiterally) {
  using boost::json::parse;
  EXPECT_EQ(parse(write_server_hello()), parse(R"({"colibriClass":"ServerHello"})"));
  EXPECT_EQ(
      parse(write_connectivity_status(EndpointId("a"), false)),
      parse(R"({"colibriClass":"EndpointConnectivityStatusChangeEvent","endpoint":"a","active":"false"})"));
  const EndpointId b("b");
  const EndpointId* previous[] = {&b};
  EXPECT_EQ(parse(write_dominant_speaker(EndpointId("a"), previous)),
            parse(R"({"colibriClass":"DominantSpeakerEndpointChangeEvent","dominantSpeakerEndpoint":"a",
                      "previousSpeakers":["b"],"silence":false})"));
  EXPECT_EQ(parse(write_sender_source_constraints(SourceName("a-v0"), 720)),
            parse(R"({"colibriClass":"SenderSourceConstraints","sourceName":"a-v0","maxHeight":720})"));
  const SourceName names[] = {SourceName("a-v0")};
  EXPECT_EQ(parse(write_forwarded_sources(names)),
            parse(R"({"colibriClass":"ForwardedSources","forwardedSources":["a-v0"]})"));
  EXPECT_EQ(parse(write_connection_stats(2'500'000)),
            parse(R"({"colibriClass":"ConnectionStats","estimatedDownlinkBandwidth":2500000})"));
}

TEST(ChannelMessage, WritesMapsWithNumbersAndMidsOnlyWhereAsked) {
  const SourceName source("a-v0");
  const EndpointId owner("a");
  MappedSource entry{.source = source, .owner = owner, .ssrc = Ssrc{4294967295U}, .rtx = Ssrc{7}, .mid = ""};
  EXPECT_EQ(boost::json::parse(write_sources_map(MediaKind::video, std::span(&entry, 1))),
            boost::json::parse(R"({
    "colibriClass":"VideoSourcesMap",
    "mappedSources":[{"source":"a-v0","owner":"a","ssrc":4294967295,"rtx":7,"videoType":"CAMERA"}]})"));
  entry.mid = "a0";
  EXPECT_EQ(boost::json::parse(write_sources_map(MediaKind::audio, std::span(&entry, 1))),
            boost::json::parse(R"({
    "colibriClass":"AudioSourcesMap","mappedSources":[{"source":"a-v0","owner":"a","ssrc":4294967295,"mid":"a0"}]})"));
}

}  // namespace
}  // namespace cloister::videobridge::conference
