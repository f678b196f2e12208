#include "xmpp/xml/disco_xml.h"

#include "xmpp/xml/namespaces.h"

namespace cloister::xmpp::xml {

namespace {

DataForm::Field parse_field(const Element& element) {
  DataForm::Field field{.name = element.attribute("var"), .type = element.attribute("type")};
  for (const Element& child : element.children) {
    if (child.is("value", ns::kData)) field.values.push_back(child.text);
  }
  return field;
}

void write_field(Element& to, const DataForm::Field& field) {
  Element& element = to.add("field", ns::kData);
  element.set("var", field.name).set("type", field.type);
  for (const std::string& value : field.values) element.add("value", ns::kData).text = value;
}

}  // namespace

DataForm parse_form(const Element& x) {
  DataForm form{.type = x.attribute("type")};
  for (const Element& child : x.children) {
    if (child.is("field", ns::kData)) form.fields.push_back(parse_field(child));
  }
  return form;
}

Element write_form(const DataForm& form) {
  Element x{.name = "x", .ns = std::string(ns::kData)};
  x.set("type", form.type);
  for (const DataForm::Field& field : form.fields) write_field(x, field);
  return x;
}

DiscoInfo parse_disco_info(const Element& query) {
  DiscoInfo info{.node = query.attribute("node")};
  for (const Element& child : query.children) {
    if (child.is("identity", ns::kDiscoInfo)) {
      info.identities.push_back({.category = child.attribute("category"),
                                 .type = child.attribute("type"),
                                 .name = child.attribute("name"),
                                 .lang = child.attribute("xml:lang")});
    } else if (child.is("feature", ns::kDiscoInfo)) {
      info.features.push_back(child.attribute("var"));
    } else if (child.is("x", ns::kData)) {
      info.forms.push_back(parse_form(child));
    }
  }
  return info;
}

Element write_disco_info(const DiscoInfo& info) {
  Element query{.name = "query", .ns = std::string(ns::kDiscoInfo)};
  query.set("node", info.node);
  for (const auto& [category, type, name, lang] : info.identities) {
    query.add("identity").set("category", category).set("type", type).set("name", name).set("xml:lang", lang);
  }
  for (const std::string& feature : info.features) query.add("feature").set("var", feature);
  for (const DataForm& form : info.forms) query.add(write_form(form));
  return query;
}

Caps parse_caps(const Element& c) {
  return {.node = c.attribute("node"), .ver = c.attribute("ver"), .hash = c.attribute("hash")};
}

Element write_caps(const Caps& caps) {
  Element c{.name = "c", .ns = std::string(ns::kCaps)};
  c.set("hash", caps.hash).set("node", caps.node).set("ver", caps.ver);
  return c;
}

}  // namespace cloister::xmpp::xml
