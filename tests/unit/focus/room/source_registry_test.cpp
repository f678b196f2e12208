#include "focus/room/source_registry.h"

#include "focus/room/source_changes.h"
#include "focus/room/source_view.h"
#include "unit/focus/room/room_fixture.h"

namespace cloister::focus::room {
namespace {

using jingle::OwnedSources;
using testing::ElementsAre;
using testing::IsEmpty;

// One camera with two layers and RTX, one microphone.
OwnedSources camera(const std::string& owner, std::uint32_t base) {
  OwnedSources sources;
  for (std::uint32_t i = 0; i < 4; ++i)
    sources.video.push_back(source(base + i, owner + "-v0", owner + " v"));
  sources.video_groups = {group("SIM", {base, base + 1}), group("FID", {base, base + 2}),
                          group("FID", {base + 1, base + 3})};
  sources.audio = {source(base + 4, owner + "-a0", owner + " a")};
  return sources;
}

OwnedSources video(std::vector<xmpp::Source> sources, std::vector<xmpp::SourceGroup> groups = {}) {
  return {.video = std::move(sources), .video_groups = std::move(groups), .audio = {}, .audio_groups = {}};
}

struct Refused {
  const char* why;
  OwnedSources sources;
  SourceRefusal refusal;
};
Refused row(const char* why, SourceRefusal refusal, OwnedSources sources) {
  return {why, std::move(sources), refusal};
}

// "aa" has a camera from SSRC 100 on; "bb" asks for these.
const Refused kRefusals[] = {
    row("zero", SourceRefusal::ssrc_zero, video({source(0, "bb-v0")})),
    row("another's SSRC", SourceRefusal::ssrc_in_use, video({source(100, "bb-v0", "m n")})),
    row("twice in one change", SourceRefusal::ssrc_in_use, video({source(5, "bb-v0"), source(5, "bb-v1")})),
    row("the bridge's SSRC", SourceRefusal::ssrc_in_use, video({source(551, "bb-v0")})),
    row("group of a stranger", SourceRefusal::unknown_group_member,
        video({source(5, "bb-v0")}, {group("FID", {5, 6})})),
    row("group of another's", SourceRefusal::unknown_group_member,
        video({source(5, "bb-v0")}, {group("FID", {5, 100})})),
    row("FID of one", SourceRefusal::fid_is_no_pair, video({source(5, "bb-v0")}, {group("FID", {5})})),
    row("FID of three", SourceRefusal::fid_is_no_pair,
        video({source(5, "bb-v0"), source(6, "bb-v0"), source(7, "bb-v0")}, {group("FID", {5, 6, 7})})),
    row("other semantics", SourceRefusal::unknown_semantics,
        video({source(5, "bb-v0"), source(6, "bb-v0")}, {group("FEC-FR", {5, 6})})),
    row("no msid", SourceRefusal::group_without_msid,
        video({source(5, "bb-v0", ""), source(6, "bb-v0", "")}, {group("FID", {5, 6})})),
    row("two msids", SourceRefusal::group_msids_differ,
        video({source(5, "bb-v0", "m n"), source(6, "bb-v0", "m o")}, {group("FID", {5, 6})})),
    row("two tracks, one msid", SourceRefusal::groups_share_msid,
        video({source(5, "bb-v0"), source(6, "bb-v0"), source(7, "bb-v1"), source(8, "bb-v1")},
              {group("FID", {5, 6}), group("FID", {7, 8})})),
    row("another's msid", SourceRefusal::msid_of_another, video({source(5, "bb-v0", "aa v")})),
    row("another's name", SourceRefusal::foreign_name, video({source(5, "aa-v0")})),
    row("a name that only begins like one's own", SourceRefusal::foreign_name, video({source(5, "bbb-v0")})),
    row("control characters", SourceRefusal::bad_text, video({source(5, "bb-v0\n")})),
    row("endless msid", SourceRefusal::bad_text, video({source(5, "bb-v0", std::string(257, 'm'))})),
};

// Focus checklist: 103, 120, 121, 123, 124, 125
TEST(SourceRegistry, RefusesWhatWouldHarmOthers) {
  for (const auto& [why, sources, refusal] : kRefusals) {
    SCOPED_TRACE(why);
    SourceRegistry registry({});
    ASSERT_TRUE(registry.add("aa", camera("aa", 100)));
    registry.set_feedback(video({source(551, "jvb-v0", "mixedmslabel mixedlabelvideo0")}));
    const auto added = registry.add("bb", sources);
    ASSERT_FALSE(added);
    EXPECT_EQ(text_of(added.error()), std::string(text_of(refusal)));
    EXPECT_FALSE(registry.has("bb"));
  }
}

// Focus checklist: 118
TEST(SourceRegistry, AnAddIsAllOrNothing) {
  SourceRegistry registry({});
  ASSERT_TRUE(registry.add("aa", camera("aa", 100)));
  OwnedSources half_good = video({source(200, "aa-v1", "aa w"), source(0, "aa-v1", "aa w")});
  EXPECT_FALSE(registry.add("aa", half_good));
  EXPECT_THAT(ssrcs(registry.of("aa").video), ElementsAre(100, 101, 102, 103));
  half_good.video.pop_back();
  EXPECT_TRUE(registry.add("aa", half_good)) << "the refused change left no trace";
}

// Focus checklist: 122
TEST(SourceRegistry, TwentySourcesAndGroupsAParticipant) {
  SourceRegistry registry({.sources = 4, .groups = 2});
  OwnedSources four;
  for (std::uint32_t i = 1; i <= 4; ++i)
    four.video.push_back(source(i, "aa-v" + std::to_string(i / 3), i < 3 ? "m n" : "m o"));
  ASSERT_TRUE(registry.add("aa", four));
  const auto fifth = registry.add("aa", video({source(5, "aa-v5", "m p")}));
  ASSERT_FALSE(fifth);
  EXPECT_EQ(fifth.error(), SourceRefusal::too_many_sources);
  ASSERT_TRUE(registry.add("aa", video({}, {group("FID", {1, 2}), group("FID", {3, 4})})));
  const auto third = registry.add("aa", video({}, {group("SIM", {1, 2})}));
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error(), SourceRefusal::too_many_groups);
  EXPECT_TRUE(registry.add("bb", video({source(6, "bb-v0", "q r")}))) << "another's share is its own";
}

TEST(SourceRegistry, EmptyAndRepeatedGroupsAreIgnored) {
  SourceRegistry registry({});
  ASSERT_TRUE(registry.add("aa", camera("aa", 100)));
  const auto added = registry.add("aa", video({}, {group("FID", {100, 102}), group("SIM", {})}));
  ASSERT_TRUE(added);
  EXPECT_TRUE(empty(*added));
}

// Focus checklist: 126
TEST(SourceRegistry, RemovesBySsrcWithTheGroupsBuiltOnIt) {
  SourceRegistry registry({});
  ASSERT_TRUE(registry.add("aa", camera("aa", 100)));
  const auto removed = registry.remove("aa", video({source(101, "", "")}));
  ASSERT_TRUE(removed);
  EXPECT_THAT(ssrcs(removed->video), ElementsAre(101));
  EXPECT_EQ(removed->video[0].name, SourceName("aa-v0")) << "told as it was added";
  EXPECT_THAT(removed->video_groups, ElementsAre(group("SIM", {100, 101}), group("FID", {101, 103})));
  EXPECT_THAT(registry.of("aa").video_groups, ElementsAre(group("FID", {100, 102})));
  EXPECT_TRUE(registry.add("bb", video({source(101, "bb-v0", "b b")}))) << "the SSRC is free again";
}

// Focus checklist: 127
TEST(SourceRegistry, RefusesToRemoveWhatIsAnothers) {
  SourceRegistry registry({});
  ASSERT_TRUE(registry.add("aa", camera("aa", 100)));
  EXPECT_FALSE(registry.remove("bb", video({source(100, "")})));
  EXPECT_FALSE(registry.remove("aa", video({source(100, ""), source(999, "")})));
  EXPECT_THAT(ssrcs(registry.of("aa").video), ElementsAre(100, 101, 102, 103));
}

TEST(SourceRegistry, ForgetsAnOwnerWhole) {
  SourceRegistry registry({});
  ASSERT_TRUE(registry.add("aa", camera("aa", 100)));
  registry.remove_owner("aa");
  EXPECT_TRUE(registry.empty());
  EXPECT_TRUE(registry.add("bb", video({source(100, "bb-v0", "aa v")}))) << "SSRC and msid are free again";
}

// Focus checklist: 105
TEST(SourceView, AReceiverDoesNotHearOfItself) {
  const SourceMap all{
      {"aa", camera("aa", 100)},
      {"bb", camera("bb", 200)}
  };
  const SourceMap seen = seen_through({}, all, "aa");
  EXPECT_FALSE(seen.contains("aa"));
  EXPECT_TRUE(seen.contains("bb"));
}

// Focus checklist: 107
TEST(SourceView, StripsSimulcastToTheFirstLayerWithItsRtx) {
  const OwnedSources stripped = without_simulcast(camera("aa", 100));
  EXPECT_THAT(ssrcs(stripped.video), ElementsAre(100, 102));
  EXPECT_THAT(stripped.video_groups, ElementsAre(group("FID", {100, 102})));
  EXPECT_THAT(ssrcs(stripped.audio), ElementsAre(104));
}

TEST(SourceView, LeavesVideoWithoutSimulcastAlone) {
  const OwnedSources screen = video({source(1, "aa-v1"), source(2, "aa-v1")}, {group("FID", {1, 2})});
  EXPECT_THAT(ssrcs(without_simulcast(screen).video), ElementsAre(1, 2));
  EXPECT_THAT(without_simulcast(screen).video_groups, ElementsAre(group("FID", {1, 2})));
}

// Focus checklist: 106
TEST(SourceView, WithSsrcRewritingOnlyTheFeedbackSourcesAreSeen) {
  const SourceMap all{
      {"jvb",        video({source(551, "jvb-v0")})},
      { "aa", camera("aa",                           100)}
  };
  const SourceMap seen = seen_through({.ssrc_rewriting = true}, all);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_TRUE(seen.contains("jvb"));
}

TEST(SourceView, AReceiverWithoutVideoIsToldOfNone) {
  const SourceMap seen = seen_through(
      {
          .video = false
  },
      {{"aa", camera("aa", 100)}, {"bb", video({source(1, "bb-v0")})}});
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_THAT(seen.at("aa").video, IsEmpty());
  EXPECT_THAT(seen.at("aa").video_groups, IsEmpty());
}

TEST(SourceChanges, AnAdditionAndItsRemovalCancelEachOther) {
  SourceChanges changes;
  changes.add("aa", camera("aa", 100));
  changes.remove("bb", camera("bb", 200));
  changes.remove("aa", camera("aa", 100));
  changes.add("bb", camera("bb", 200));
  const auto [removed, added] = changes.take();
  EXPECT_THAT(removed, IsEmpty());
  EXPECT_THAT(added, IsEmpty());
}

TEST(SourceChanges, ForgetsWhoLeft) {
  SourceChanges changes;
  changes.add("aa", camera("aa", 100));
  changes.add("bb", camera("bb", 200));
  changes.forget("aa");
  const auto [removed, added] = changes.take();
  ASSERT_EQ(added.size(), 1U);
  EXPECT_TRUE(added.contains("bb"));
  EXPECT_THAT(changes.take().added, IsEmpty()) << "taken once";
}

}  // namespace
}  // namespace cloister::focus::room
