// XML in tests: read it from text, compare it without regard to the order of attributes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "xmpp/xml/element.h"

namespace cloister::xmpp {

inline xml::Element sorted(xml::Element element) {
  std::ranges::sort(element.attributes);
  for (xml::Element& child : element.children) child = sorted(std::move(child));
  return element;
}

inline xml::Element from_text(std::string_view text) {
  const auto element = xml::parse(text);
  EXPECT_TRUE(element) << "the test's own XML is malformed";
  return element.value_or(xml::Element{});
}

// What is written says the same as `text`.
inline void expect_same(const xml::Element& written, std::string_view text) {
  EXPECT_EQ(xml::write(sorted(written)), xml::write(sorted(from_text(text))));
}

}  // namespace cloister::xmpp
