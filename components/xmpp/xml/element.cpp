#include "xmpp/xml/element.h"

#include <algorithm>

namespace cloister::xmpp::xml {

namespace {

// Length of the UTF-8 sequence at the start of `text` (RFC 3629), 0 when malformed or not a character of
// XML 1.0 §2.2.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || text.size() < length) return 0;
  char32_t value = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
    value = value << 6U | (byte(i) & 0x3fU);
  }
  const bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool forbidden =
      (value >= 0xd800 && value < 0xe000) || value == 0xfffe || value == 0xffff || value > 0x10ffff;
  return overlong || forbidden ? 0 : length;
}

void append_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) {
      text.remove_prefix(1);
      continue;
    }
    switch (text[0]) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\'': out += "&apos;"; break;
      case '"': out += "&quot;"; break;
      default: out.append(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
}

void append(std::string& out, const Element& element) {
  out += '<';
  out += element.name;
  if (element.ns != kClientNamespace) {
    out += " xmlns='";
    append_escaped(out, element.ns);
    out += '\'';
  }
  for (const auto& [name, value] : element.attributes) {
    out += ' ';
    out += name;
    out += "='";
    append_escaped(out, value);
    out += '\'';
  }
  if (element.children.empty() && element.text.empty()) {
    out += "/>";
    return;
  }
  out += '>';
  append_escaped(out, element.text);
  for (const Element& child : element.children) append(out, child);
  out += "</";
  out += element.name;
  out += '>';
}

}  // namespace

const Element* Element::find(std::string_view child_name, std::string_view child_ns) const {
  const auto found =
      std::ranges::find_if(children, [&](const Element& child) { return child.is(child_name, child_ns); });
  return found == children.end() ? nullptr : &*found;
}

const std::string* Element::find_attribute(std::string_view attribute) const {
  const auto found = std::ranges::find(attributes, attribute, &std::pair<std::string, std::string>::first);
  return found == attributes.end() ? nullptr : &found->second;
}

const std::string& Element::attribute(std::string_view attribute) const {
  static const std::string empty;
  const std::string* found = find_attribute(attribute);
  return found ? *found : empty;
}

std::optional<bool> Element::flag(std::string_view attribute_name) const {
  const std::string& value = attribute(attribute_name);
  if (value == "true" || value == "1") return true;
  if (value == "false" || value == "0") return false;
  return std::nullopt;
}

Element& Element::set(std::string_view attribute, std::string_view value) {
  return value.empty() ? *this : set_always(attribute, value);
}

Element& Element::set_always(std::string_view attribute, std::string_view value) {
  attributes.emplace_back(attribute, value);
  return *this;
}

Element& Element::add(std::string_view child_name, std::string_view child_ns) {
  return children.emplace_back(Element{.name = std::string(child_name), .ns = std::string(child_ns)});
}

std::string write(const Element& element) {
  std::string out;
  append(out, element);
  return out;
}

}  // namespace cloister::xmpp::xml
