#include "focus/services/room_metadata.h"

#include "people.h"

namespace cloister::focus::services {
namespace {

using rights::Role;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using xmpp::ErrorCondition;

class RoomMetadataTest : public testing::Test, RoomMetadata::Port {
protected:
  void on_metadata(const RoomMetadata& changed) override { told.push_back(changed.text().expose()); }
  void on_start_muted(const room::PerKind& kinds) override { start_muted = kinds; }
  Answer change_policy(const Person&, const std::map<std::string, bool>& switches) override {
    kept = rights::change(kept, switches);
    return done();
  }
  rights::Policy policy() const override { return kept; }

  Answer writes(Role role, const std::string& key, const std::string& data) {
    return metadata.on_command({.id = EndpointId("who"), .role = role},
                               R"({"type":"room_metadata","key":")" + key + R"(","data":)" + data + "}");
  }

  RoomMetadata metadata{*this};
  std::vector<std::string> told;
  room::PerKind start_muted{};
  rights::Policy kept{};
};

TEST_F(RoomMetadataTest, WhatLeadersWriteIsToldAsAWhole) {
  ASSERT_TRUE(writes(Role::host, "board", R"({"page":2})"));
  ASSERT_TRUE(writes(Role::co_host, "agenda", R"("bread & \"butter\"")"));
  EXPECT_THAT(told.back(), HasSubstr(R"("agenda":"bread & \"butter\"","board":{"page":2})"));
  ASSERT_TRUE(writes(Role::host, "board", "null"));
  EXPECT_THAT(told.back(), Not(HasSubstr("board")));
}

// Focus checklist: 177
TEST_F(RoomMetadataTest, NewcomersStartMutedAsWishedAndAsModerated) {
  ASSERT_TRUE(writes(Role::co_host, "startMuted", R"({"audio":false,"video":true})"));
  EXPECT_EQ(start_muted, (room::PerKind{.video = true}));
  metadata.on_moderated(xmpp::Mute::What::audio, true);
  metadata.on_moderated(xmpp::Mute::What::video, true);
  EXPECT_EQ(start_muted, (room::PerKind{.audio = true, .video = true}));
  EXPECT_THAT(told.back(), HasSubstr(R"("startMuted":{"audio":true,"video":true})"));
  metadata.on_moderated(xmpp::Mute::What::audio, false);
  metadata.on_moderated(xmpp::Mute::What::video, false);
  EXPECT_EQ(start_muted, (room::PerKind{.video = true})) << "as it was wished before";
}

TEST_F(RoomMetadataTest, OnlyAHostChangesThePolicy) {
  EXPECT_REFUSED(writes(Role::co_host, "policy", R"({"chat":false})"), ErrorCondition::forbidden);
  EXPECT_THAT(told, IsEmpty());
  ASSERT_TRUE(writes(Role::host, "policy", R"({"chat":false,"nonsense":true})"));
  EXPECT_FALSE(kept.allows(rights::Switch::chat));
  EXPECT_TRUE(kept.allows(rights::Switch::camera));
  EXPECT_THAT(told.back(), HasSubstr(R"("chat":false)"));
  EXPECT_REFUSED(writes(Role::host, "policy", R"({"chat":"no"})"), ErrorCondition::bad_request);
  EXPECT_REFUSED(writes(Role::host, "startMuted", "true"), ErrorCondition::bad_request);
}

TEST_F(RoomMetadataTest, RefusesWhatIsNoBusinessOfClients) {
  for (const Role role : {Role::participant, Role::viewer})
    EXPECT_REFUSED(writes(role, "board", "1"), ErrorCondition::forbidden);
  for (const char* const key : {"moderators", "services", "recording", "lobbyEnabled"})
    EXPECT_REFUSED(writes(Role::host, key, "1"), ErrorCondition::not_allowed);
  for (const char* const key : {"", "a b", "\\u0000", "ä", "x\\\"y"})
    EXPECT_REFUSED(writes(Role::host, key, "1"), ErrorCondition::bad_request);
  EXPECT_REFUSED(writes(Role::host, "deep", "[[[[[[[[[[1]]]]]]]]]]"), ErrorCondition::bad_request);
  EXPECT_REFUSED(writes(Role::host, "long", "\"" + std::string(5000, 'x') + "\""),
                 ErrorCondition::bad_request);
  EXPECT_REFUSED(metadata.on_command({.role = Role::host}, "[]"), ErrorCondition::bad_request);
  EXPECT_REFUSED(metadata.on_command({.role = Role::host}, "{"), ErrorCondition::bad_request);
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(RoomMetadataTest, KeysAreBounded) {
  for (std::size_t i = 0; i < RoomMetadata::kMostKeys; ++i)
    ASSERT_TRUE(writes(Role::host, "k" + std::to_string(i), "1"));
  EXPECT_REFUSED(writes(Role::host, "more", "1"), ErrorCondition::resource_constraint);
  EXPECT_TRUE(writes(Role::host, "k0", "2")) << "one that is there may change";
}

}  // namespace
}  // namespace cloister::focus::services
