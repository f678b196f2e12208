#include "xmpp/disco.h"

#include <gtest/gtest.h>

#include "xml_support.h"
#include "xmpp/xml/disco_xml.h"

namespace cloister::xmpp {
namespace {

// XEP-0115 §5.2: the specification's own example.
TEST(Caps, YieldsTheVerificationStringOfTheSpecification) {
  const DiscoInfo info{
      .identities = {{.category = "client", .type = "pc", .name = "Exodus 0.9.1"}},
      .features = { "http://jabber.org/protocol/disco#info", "http://jabber.org/protocol/caps",
                     "http://jabber.org/protocol/muc", "http://jabber.org/protocol/disco#items"}
  };
  EXPECT_EQ(caps_ver(info), "QgayPKawpkPSDYmwT/WM94uAlu0=");
}

// XEP-0115 §5.3: with two languages and a form.
TEST(Caps, CountsLanguagesAndForms) {
  const DiscoInfo info{
      .identities = {{.category = "client", .type = "pc", .name = "Psi 0.11", .lang = "en"},
                     {.category = "client", .type = "pc", .name = "Ψ 0.11", .lang = "el"}},
      .features = {"http://jabber.org/protocol/caps",                                                                      "http://jabber.org/protocol/disco#info",
                     "http://jabber.org/protocol/disco#items", "http://jabber.org/protocol/muc"},
      .forms = {
                     {.type = "result",
           .fields = {{.name = "FORM_TYPE", .type = "hidden", .values = {"urn:xmpp:dataforms:softwareinfo"}},
                      {.name = "ip_version", .values = {"ipv4", "ipv6"}},
                      {.name = "os", .values = {"Mac"}},
                      {.name = "os_version", .values = {"10.5.1"}},
                      {.name = "software", .values = {"Psi"}},
                      {.name = "software_version", .values = {"0.11"}}}}}
  };
  EXPECT_EQ(caps_ver(info), "q07IKJEyjvHSyhy//CH0CxmKi8w=");
}

TEST(DataForm, IsSubmittedWithEverythingThatWasNotChanged) {
  DataForm form = xml::parse_form(from_text(
      "<x xmlns='jabber:x:data' type='form'><title>t</title>"
      "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
      "<field type='fixed'><value>Read me</value></field>"
      "<field var='muc#roomconfig_whois' type='list-single'><value>moderators</value>"
      "<option><value>anyone</value></option></field>"
      "<field var='muc#roominfo_meetingId'><value>m-1</value></field>"
      "<field var='muc#roominfo_isbreakout' type='boolean'><value>1</value></field></x>"));
  EXPECT_EQ(form.value("muc#roominfo_meetingId"), "m-1");
  EXPECT_TRUE(form.flag("muc#roominfo_isbreakout"));
  EXPECT_FALSE(form.flag("absent"));
  form.set("muc#roomconfig_whois", "anyone");
  expect_same(
      xml::write_form(form.submission()),
      "<x xmlns='jabber:x:data' type='submit'>"
      "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
      "<field var='muc#roomconfig_whois' type='list-single'><value>anyone</value></field>"
      "<field var='muc#roominfo_meetingId'><value>m-1</value></field>"
      "<field var='muc#roominfo_isbreakout' type='boolean'><value>1</value></field></x>");
}

}  // namespace
}  // namespace cloister::xmpp
