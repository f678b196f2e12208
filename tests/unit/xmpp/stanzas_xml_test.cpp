#include "xmpp/xml/stanzas_xml.h"

#include <gtest/gtest.h>

#include "xml_support.h"

namespace cloister::xmpp::xml {
namespace {

struct Row {
  IqType type;
  std::string_view text;
};
constexpr Row kRequests[] = {
    {IqType::get, "<ping xmlns='urn:xmpp:ping'/>"                                                          },
    {IqType::get, "<healthcheck xmlns='http://jitsi.org/protocol/healthcheck'/>"                           },
    {IqType::get, "<query xmlns='jabber:iq:version'/>"                                                     },
    {IqType::get, "<query xmlns='http://jabber.org/protocol/disco#info' node='n#v'/>"                      },
    {IqType::set,
     "<conference xmlns='http://jitsi.org/protocol/focus' room='room@c.d' machine-uid='5f' session-id='7d' "
     "token='eyJ'>"
     "<property name='rtcstatsEnabled' value='false'/><property name='startAudioMuted' "
     "value='9'/></conference>"                                                                            },
    {IqType::get, "<login-url xmlns='http://jitsi.org/protocol/focus' room='room@c.d' machine-uid='5f'/>"  },
    {IqType::set, "<logout xmlns='http://jitsi.org/protocol/focus' session-id='7d'/>"                      },
    {IqType::set,
     "<crowd xmlns='urn:cloister:crowd:0'><network tag='a' joins='3'/><network tag='b' joins='1'/></crowd>"},
    {IqType::get, "<sources xmlns='urn:cloister:crowd:0' joins='5' seconds='60'/>"                         },
    {IqType::set, "<mute xmlns='http://jitsi.org/jitmeet/audio' jid='room@c.d/ab'>true</mute>"             },
    {IqType::set, "<mute xmlns='http://jitsi.org/jitmeet/video' actor='room@c.d/ab'>true</mute>"           },
    {IqType::set, "<mute xmlns='http://jitsi.org/jitmeet/desktop' jid='room@c.d/ab'>false</mute>"          },
    {IqType::set, "<jingle xmlns='urn:xmpp:jingle:1' action='session-accept' sid='s'/>"                    },
    {IqType::set, "<conference-modify xmlns='jitsi:colibri2' meeting-id='m' expire='true'/>"               },
    {IqType::get, "<query xmlns='http://jabber.org/protocol/muc#owner'/>"                                  },
    {IqType::set,
     "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query>"},
    {IqType::set,
     "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner' jid='a@b'/></query>"   },
    {IqType::set,
     "<query xmlns='http://jabber.org/protocol/muc#admin'><item role='none' "
     "nick='ab'><reason>r</reason></item></query>"                                                         },
    {IqType::set,
     "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy "
     "jid='room@c.d'><reason>r</reason></destroy></query>"                                                 },
};

// Focus checklist: 167
TEST(StanzasXml, WritesTheRequestsThatItRead) {
  for (const auto& [type, text] : kRequests) {
    SCOPED_TRACE(text);
    const auto request = parse_request(from_text(text), type);
    ASSERT_TRUE(request);
    expect_same(write_request(*request), text);
    EXPECT_EQ(usual_iq_type(*request), type);
  }
}

constexpr std::string_view kAnswers[] = {
    "<sources xmlns='urn:cloister:crowd:0'><source address='192.0.2.1'/><source "
    "address='2001:db8::1'/></sources>",
    "<query xmlns='jabber:iq:version'><name>n</name><version>1</version><os>o</os></query>",
    "<query xmlns='http://jabber.org/protocol/disco#info'><identity category='c' type='t' name='n' "
    "xml:lang='en'/>"
    "<feature var='f'/><x xmlns='jabber:x:data' type='result'><field "
    "var='a'><value>1</value><value>2</value></field>"
    "</x></query>",
    "<conference xmlns='http://jitsi.org/protocol/focus' room='room@c.d' ready='true' "
    "focusjid='focus@auth.d' "
    "session-id='s' identity='i' vnode='v1'><property name='authentication' value='false'/></conference>",
    "<conference-modified xmlns='jitsi:colibri2'/>",
    "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='form'/></query>",
};

TEST(StanzasXml, WritesTheAnswersThatItRead) {
  for (const std::string_view text : kAnswers) {
    SCOPED_TRACE(text);
    const Element element = from_text(text);
    const auto answer = parse_answer(&element);
    ASSERT_TRUE(answer);
    const auto written = write_answer(*answer);
    ASSERT_TRUE(written);
    expect_same(*written, text);
  }
  EXPECT_FALSE(write_answer(Empty{}));
}

struct Refused {
  IqType type;
  std::string_view text;
  ErrorCondition condition;
};
constexpr Refused kRefusals[] = {
    {IqType::get, "<query xmlns='jabber:iq:roster'/>",                                      ErrorCondition::service_unavailable},
    {IqType::set, "<ping xmlns='urn:x'/>",                                                  ErrorCondition::service_unavailable},
    {IqType::set, "<jibri xmlns='http://jitsi.org/protocol/jibri' action='start'/>",
     ErrorCondition::service_unavailable                                                                                       },
    {IqType::set, "<dial xmlns='urn:xmpp:rayo:1' to='+1' from='x'/>",                       ErrorCondition::service_unavailable},
    {IqType::set, "<ping xmlns='urn:xmpp:ping'/>",                                          ErrorCondition::bad_request        },
    {IqType::get, "<conference xmlns='http://jitsi.org/protocol/focus' room='r@c.d'/>",
     ErrorCondition::bad_request                                                                                               },
    {IqType::set, "<mute xmlns='http://jitsi.org/jitmeet/audio' jid='r@c.d/a'/>",
     ErrorCondition::bad_request                                                                                               },
    {IqType::set, "<mute xmlns='http://jitsi.org/jitmeet/audio' jid='r@c.d/a'>loud</mute>",
     ErrorCondition::bad_request                                                                                               },
    {IqType::set, "<mute xmlns='http://jitsi.org/jitmeet/audio' jid='@'>true</mute>",
     ErrorCondition::bad_request                                                                                               },
    {IqType::get, "<conference-modify xmlns='jitsi:colibri2'/>",                            ErrorCondition::bad_request        },
};

// Focus checklist: 6, 183
TEST(StanzasXml, RefusesWithTheRightCondition) {
  for (const auto& [type, text, condition] : kRefusals) {
    SCOPED_TRACE(text);
    const auto request = parse_request(from_text(text), type);
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().condition, condition);
  }
}

TEST(StanzasXml, LeavesItToTheFocusWhatARoomMayBe) {
  for (const char* room : {"", "room='@'", "room='a@b@c'", "room='c.d'", "room='r@c.d/x'"}) {
    const auto request = parse_request(
        from_text("<conference xmlns='http://jitsi.org/protocol/focus' " + std::string(room) + "/>"),
        IqType::set);
    ASSERT_TRUE(request) << room;
    EXPECT_FALSE(std::get<ConferenceRequest>(*request).room) << room;
  }
}

}  // namespace
}  // namespace cloister::xmpp::xml
