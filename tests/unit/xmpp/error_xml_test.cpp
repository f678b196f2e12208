#include "xmpp/xml/error_xml.h"

#include <gtest/gtest.h>

#include "xml_support.h"

namespace cloister::xmpp::xml {
namespace {

constexpr std::string_view kErrors[] = {
    "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    "<error xmlns='jitsi:colibri2' reason='unknown_endpoint'><endpoint id='ab'/></error></error>",
    "<error type='modify'><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
    "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>invalid session</text>"
    "<session-invalid xmlns='http://jitsi.org/protocol/focus'/></error>",
    "<error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    "<error type='continue'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
};

TEST(ErrorXml, WritesWhatItRead) {
  for (const std::string_view text : kErrors) {
    SCOPED_TRACE(text);
    expect_same(write_error(parse_error(from_text(text))), text);
  }
}

TEST(ErrorXml, ReadsTheBridgesReason) {
  const StanzaError error = parse_error(from_text(kErrors[0]));
  EXPECT_EQ(error.condition, ErrorCondition::item_not_found);
  ASSERT_TRUE(error.colibri);
  EXPECT_EQ(error.colibri->reason, colibri2::ErrorReason::unknown_endpoint);
  EXPECT_EQ(error.colibri->endpoint, EndpointId("ab"));
}

TEST(ErrorXml, TakesTheUsualTypeAndToleratesTheUnknown) {
  EXPECT_EQ(write_error({.condition = ErrorCondition::bad_request}).attribute("type"), "modify");
  const StanzaError error =
      parse_error(from_text("<error type='x'><lost-my-keys xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><odd "
                            "xmlns='urn:x'/></error>"));
  EXPECT_EQ(error.condition, ErrorCondition::undefined_condition);
  EXPECT_FALSE(error.type);
  EXPECT_FALSE(error.colibri);
}

}  // namespace
}  // namespace cloister::xmpp::xml
