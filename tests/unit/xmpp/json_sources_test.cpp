#include "xmpp/xml/json_sources.h"

#include <gtest/gtest.h>

namespace cloister::xmpp::xml {
namespace {

// The example of focus.md §4.3.
// Focus checklist: 102
TEST(JsonSources, HasTheShapeThatClientsRead) {
  const JsonSources sources{
      {"a1b2c3d4",
       {.video = {{.ssrc = Ssrc(1001), .name = SourceName("a1b2c3d4-v0"), .msid = "a1b2c3d4-video-0-1 7f-1"},
                  {.ssrc = Ssrc(4294967295),
                   .name = SourceName("a1b2c3d4-v1"),
                   .msid = "x y",
                   .video_type = VideoType::desktop}},
        .video_groups = {{.semantics = "FID", .ssrcs = {Ssrc(1001), Ssrc(1002)}},
                         {.semantics = "FEC-FR", .ssrcs = {Ssrc(1), Ssrc(2)}}}}}
  };
  EXPECT_EQ(write_json_sources(sources),
            R"({"sources":{"a1b2c3d4":[[{"s":1001,"n":"a1b2c3d4-v0","m":"a1b2c3d4-video-0-1 7f-1"},)"
            R"({"s":4294967295,"n":"a1b2c3d4-v1","m":"x y","v":"d"}],[["f",1001,1002]],[]]}})");
}

// Focus checklist: 103
TEST(JsonSources, EscapesWhatClientsSaid) {
  const JsonSources sources{
      {"a\"b", {.audio = {{.ssrc = Ssrc(1), .name = SourceName("a\\-a0"), .msid = "s\n\"}],[]]}}"}}}}
  };
  const auto read = parse_json_sources(write_json_sources(sources));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("a\"b").audio, sources.at("a\"b").audio);
}

TEST(JsonSources, RefusesOtherShapes) {
  for (const char* text : {"", "[]", "{}", "{\"sources\":[]}", "{\"sources\":{\"a\":1}}", "{\"sources\":{}",
                           "{\"sources\":{\"a\":{}}}"}) {
    EXPECT_FALSE(parse_json_sources(text)) << text;
  }
}

TEST(JsonSources, SkipsUnreadableEntries) {
  const auto read = parse_json_sources(
      R"({"sources":{"a":[[{"s":-1},{"s":"1"},7,{"n":"x"},{"s":5,"n":6}],[["x",1],[],["f","q",9]]]}})");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->at("a").video.size(), 1U);
  EXPECT_EQ(read->at("a").video[0].ssrc, Ssrc(5));
  ASSERT_EQ(read->at("a").video_groups.size(), 1U);
  EXPECT_EQ(read->at("a").video_groups[0].ssrcs, std::vector{Ssrc(9)});
}

}  // namespace
}  // namespace cloister::xmpp::xml
