#include "xmpp/stream/gloox_xml.h"

#include <gloox/parser.h>
#include <gloox/tag.h>
#include <gloox/taghandler.h>

#include "xmpp/stream/depth_limiter.h"

namespace cloister::xmpp {

namespace stream {
namespace {

// gloox does not inherit default namespaces.
std::string namespace_of(const gloox::Tag& tag, const std::string& inherited) {
  std::string own = tag.xmlns();
  if (own.empty()) return tag.prefix().empty() ? inherited : std::string();
  if (own == "jabber:component:accept") return std::string(xml::kClientNamespace);
  return own;
}

xml::Element convert(const gloox::Tag& tag, const std::string& inherited) {
  xml::Element element{.name = tag.name(), .ns = namespace_of(tag, inherited)};
  for (const gloox::Tag::Attribute* attribute : tag.attributes()) {
    const std::string& prefix = attribute->prefix();
    if (prefix == "xml") {
      element.set_always("xml:" + attribute->name(), attribute->value());
    } else if (prefix.empty() && attribute->name() != "xmlns") {
      element.set_always(attribute->name(), attribute->value());
    }
  }
  element.text = tag.cdata();
  for (const gloox::Tag* child : tag.children()) element.add(convert(*child, element.ns));
  return element;
}

}  // namespace

xml::Element to_element(const gloox::Tag& tag) { return convert(tag, std::string(xml::kClientNamespace)); }

}  // namespace stream

namespace xml {

std::optional<Element> parse(std::string_view text) {
  struct First : gloox::TagHandler {
    std::optional<Element> element;
    void handleTag(gloox::Tag* tag) override {
      if (tag && !element) element = stream::to_element(*tag);
    }
  } first;
  stream::DepthLimiter limiter;
  std::string limited = limiter.filter(text);
  gloox::Parser parser(&first);
  parser.feed(limited);
  return std::move(first.element);
}

}  // namespace xml

}  // namespace cloister::xmpp
