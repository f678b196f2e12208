#include "xmpp/xml/element.h"

#include <gtest/gtest.h>

namespace cloister::xmpp::xml {
namespace {

TEST(Element, InheritsNamespacesAndWritesThemOnEveryElement) {
  const auto element =
      parse("<iq type='set'><jingle xmlns='urn:xmpp:jingle:1'><content name='a'/></jingle></iq>");
  ASSERT_TRUE(element);
  EXPECT_EQ(element->ns, kClientNamespace);
  EXPECT_NE(element->find("jingle", "urn:xmpp:jingle:1")->find("content"), nullptr);
  EXPECT_EQ(write(*element),
            "<iq type='set'><jingle xmlns='urn:xmpp:jingle:1'>"
            "<content xmlns='urn:xmpp:jingle:1' name='a'/></jingle></iq>");
}

TEST(Element, ResolvesPrefixes) {
  const auto element = parse("<iq><x:query xmlns:x='urn:x' x:odd='1' xml:lang='en'/></iq>");
  ASSERT_TRUE(element);
  const Element* query = element->find("query", "urn:x");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->attribute("xml:lang"), "en");
}

TEST(Element, EscapesAndLeavesOutWhatXmlCannotCarry) {
  Element element{.name = "a", .ns = std::string(kClientNamespace)};
  element.set("b", "<'\"&>");
  element.text = "x\x01\xff\xc0\x80\xed\xa0\x80é\xf0\x9f\x98\x80";
  EXPECT_EQ(write(element), "<a b='&lt;&apos;&quot;&amp;&gt;'>xé\xf0\x9f\x98\x80</a>");
}

TEST(Element, ReadsNumbersOnlyInTheirRange) {
  const auto element = parse("<a ok='65535' big='65536' negative='-1' word='x' tail='1x' empty=''/>");
  ASSERT_TRUE(element);
  EXPECT_EQ(element->number<std::uint16_t>("ok"), 65535);
  for (const char* name : {"big", "negative", "word", "tail", "empty", "absent"}) {
    EXPECT_FALSE(element->number<std::uint16_t>(name)) << name;
  }
}

TEST(Element, RefusesWhatIsNotOneElement) {
  for (const char* text : {"", "<a>", "a", "<a></b>", "<a b=c/>", "<<a/>"}) EXPECT_FALSE(parse(text)) << text;
}

}  // namespace
}  // namespace cloister::xmpp::xml
