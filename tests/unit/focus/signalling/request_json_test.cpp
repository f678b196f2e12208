#include "focus/signalling/request_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cloister::focus::signalling {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Pair;

// Focus checklist: 34
TEST(RequestJson, ReadsTheFieldsAndTurnsPropertiesIntoText) {
  const auto request = parse_request_json(
      R"({"room":"Room@conference.d","machineUid":"m1","sessionId":"s1","unknown":[1,{"a":2}],
          "properties":{"startAudioMuted":9,"rtcstatsEnabled":false,"text":"x","list":[1],"nothing":null}})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->room->text_for_wire(), "room@conference.d");
  EXPECT_EQ(request->machine_uid.expose(), "m1");
  EXPECT_EQ(request->session_id.expose(), "s1");
  EXPECT_EQ(request->properties.size(), 3U);
  EXPECT_THAT(request->properties, Contains(Pair("startAudioMuted", "9")));
  EXPECT_THAT(request->properties, Contains(Pair("rtcstatsEnabled", "false")));
  EXPECT_THAT(request->properties, Contains(Pair("text", "x")));
}

struct Case {
  const char* why;
  const char* text;
};

constexpr Case kRefused[] = {
    {"nothing",             ""                                  },
    {"no JSON",             "room=x"                            },
    {"a list",              R"(["room"])"                       },
    {"cut off",             R"({"room":"a@b")"                  },
    {"something behind it", R"({} {})"                          },
    {"nested too deep",     R"({"a":[[[[[[[[[[[[1]]]]]]]]]]]]})"},
};

TEST(RequestJson, RefusesWhatIsNoObject) {
  for (const auto& [why, text] : kRefused) {
    SCOPED_TRACE(why);
    EXPECT_FALSE(parse_request_json(text));
  }
}

constexpr Case kNoRoom[] = {
    {"missing",                  "{}"                    },
    {"a number",                 R"({"room":5})"         },
    {"no address",               R"({"room":"a@b@c@"})"  },
    {"with a nickname",          R"({"room":"a@b/nick"})"},
    {"properties that are none", R"({"properties":"x"})" },
};

// Focus checklist: 24
TEST(RequestJson, ARoomThatIsNoneIsAbsent) {
  for (const auto& [why, text] : kNoRoom) {
    SCOPED_TRACE(why);
    const auto request = parse_request_json(text);
    ASSERT_TRUE(request);
    EXPECT_FALSE(request->room);
    EXPECT_THAT(request->properties, IsEmpty());
  }
}

// Focus checklist: 35
TEST(RequestJson, TheAnswerAlwaysHasPropertiesAndNoEmptyFields) {
  xmpp::ConferenceAnswer answer{.room = xmpp::Jid::parse("room@conference.d").value(),
                                .ready = true,
                                .focus_jid = xmpp::Jid::parse("focus@auth.d").value()};
  EXPECT_EQ(write_answer_json(answer),
            R"({"room":"room@conference.d","ready":true,"focusJid":"focus@auth.d","properties":{}})");
  answer.identity = Personal<std::string>("a\"b");
  answer.properties = {
      {"authentication", "false"}
  };
  EXPECT_EQ(
      write_answer_json(answer),
      R"({"room":"room@conference.d","ready":true,"focusJid":"focus@auth.d","identity":"a\"b","properties":{"authentication":"false"}})");
}

}  // namespace
}  // namespace cloister::focus::signalling
