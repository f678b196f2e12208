#include "xmpp/jid.h"

#include <gtest/gtest.h>

namespace cloister::xmpp {
namespace {

TEST(Jid, SplitsAndNormalises) {
  const auto jid = Jid::parse("MyRoom@Conference.Example.ORG/Ab12/@x");
  ASSERT_TRUE(jid);
  EXPECT_EQ(jid->text_for_wire(), "myroom@conference.example.org/Ab12/@x");
  EXPECT_EQ(jid->local(), "myroom");
  EXPECT_EQ(jid->domain(), "conference.example.org");
  EXPECT_EQ(jid->resource(), "Ab12/@x");
  EXPECT_EQ(jid->bare().text_for_wire(), "myroom@conference.example.org");
  EXPECT_TRUE(jid->bare().is_bare());
  EXPECT_FALSE(jid->is_bare());
}

TEST(Jid, TakesRoomNamesAsTheServerDoes) {
  for (const char* text : {"example.org", "focus.example.org/x", "[tenant]room@c.example.org",
                           "caf%c3%a9@c.example.org", "caf\xc3\xa9@c.example.org"}) {
    EXPECT_TRUE(Jid::parse(text)) << text;
  }
}

TEST(Jid, RefusesWhatIsNoAddress) {
  const std::string long_part(1023, 'a');
  for (const std::string& text :
       {std::string(), std::string("@example.org"), std::string("a@"), std::string("/r"),
        std::string("a@b@c"), std::string("a@b/"), long_part + "@example.org", "a@b/" + long_part,
        std::string("a b@example.org"), std::string("a\xff@example.org"),
        std::string("a\0b@example.org", 15)}) {
    EXPECT_FALSE(Jid::parse(text)) << text;
  }
}

TEST(Jid, PutsAResourceOntoARoom) {
  const Jid room = *Jid::parse("room@c.example.org");
  EXPECT_EQ(room.with_resource("focus"), *Jid::parse("room@c.example.org/focus"));
  EXPECT_EQ(room.with_resource("focus").with_resource("other").resource(), "other");
}

}  // namespace
}  // namespace cloister::xmpp
